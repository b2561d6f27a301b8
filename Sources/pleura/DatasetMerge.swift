import ArgumentParser
import Console
import Datasets
import Foundation
import Reports

private let overlapRange = OptionRange.real(0...1, isBelow: true)
private let shareRange = OptionRange.share

/// Several readers' boxes, made one set.
struct DatasetMerge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merge several readers' boxes by weighted box fusion; how much they agree is kept as a weight.",
        discussion: "Boxes keep their readers in every other command. A training weighs a merged box by the share of readers who have it.")

    @Argument(help: ArgumentHelp("The dataset directory.", valueName: "dir"))
    var dataset: String
    @Option(help: ArgumentHelp("The dataset directory to write.", valueName: "dir"))
    var out: String
    @Option(
        help: overlapRange.help("Two readers' boxes of a finding are the same where their IoU is greater", "x", usual: 0.4),
        transform: overlapRange.parse)
    var iou = 0.4
    @Option(help: shareRange.help("Leave out what a smaller share of an image's readers has", "x", usual: 0), transform: shareRange.parse)
    var minimumAgreement = 0.0
    @Flag(help: "Copy the images; else the dataset holds links to them.")
    var copyImages = false
    @OptionGroup var reports: ReportOptions

    func run() throws {
        try reports.claim(inputs: ["\(dataset)/annotations.json"])
        try Failure.about(dataset) {
            let source = try Dataset.read(directory: URL(fileURLWithPath: dataset))
            let merging = ReaderMerging(intersectionOverUnion: iou, minimumAgreement: minimumAgreement)
            let merged = try merging(source).write(copyTo: URL(fileURLWithPath: out), copiesImages: copyImages)
            let report = DatasetMergeReport(out: out, merged: merged, from: source)
            reports.note(report.text)
            try reports.write("dataset merge", report)
        }
    }
}
