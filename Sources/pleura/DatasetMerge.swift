import ArgumentParser
import Datasets
import Foundation

/// Several readers' boxes, made one set.
struct DatasetMerge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merge several readers' boxes by weighted box fusion; how much they agree is kept as a weight.",
        discussion: "Boxes keep their readers in every other command. A training weighs a merged box by the share of readers who have it.")

    @Argument(help: ArgumentHelp("The dataset directory.", valueName: "dir"))
    var dataset: String
    @Option(help: ArgumentHelp("The dataset directory to write.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("Two readers' boxes of a finding are the same where their IoU is greater.", valueName: "x"))
    var iou = 0.4
    @Option(help: ArgumentHelp("Leave out what a smaller share of an image's readers has.", valueName: "x"))
    var minimumAgreement = 0.0
    @Flag(help: "Copy the images; else the dataset holds links to them.")
    var copyImages = false

    func validate() throws {
        if !(0..<1).contains(iou) { throw ValidationError("--iou must be from 0 to below 1.") }
        if !(0...1).contains(minimumAgreement) { throw ValidationError("--minimum-agreement must be between 0 and 1.") }
    }

    func run() throws {
        try DatasetCommand.reporting(dataset) {
            let source = try Dataset.read(directory: URL(fileURLWithPath: dataset))
            let merging = ReaderMerging(intersectionOverUnion: iou, minimumAgreement: minimumAgreement)
            let merged = try merging(source).write(copyTo: URL(fileURLWithPath: out), copiesImages: copyImages)
            StandardError.line("pleura: \(out): \(source.boxCount) boxes merged into \(merged.boxCount), \(merged.images.count) images")
        }
    }
}
