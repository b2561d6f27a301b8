import AnnotationFormats
import ArgumentParser
import Console
import Datasets
import Foundation
import Interchange
import Reports

private let shardRange = OptionRange<Int>.whole(1...100_000)

/// A dataset directory, as another tool's annotations.
struct DatasetExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a dataset in another tool's format.",
        discussion: "What the format cannot carry is said, one line each. Formats: \(AnnotationFormats.names).")

    @Argument(help: ArgumentHelp("The dataset directory.", valueName: "dir"))
    var dataset: String
    @Option(help: ArgumentHelp("The format to write.", valueName: "name"))
    var format: String
    @Option(help: ArgumentHelp("The folder to make.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("Only the images of this part, such as train.", valueName: "name"))
    var part: String?
    @Option(help: shardRange.help("How many files records are spread over", "n", usual: 1), transform: shardRange.parse)
    var shards = 1
    @Option(
        help: ArgumentHelp(
            "Bits a sample of the pictures; else each keeps its own. Samples use the whole range of their bits either way.",
            valueName: "bits"))
    var bitDepth: PictureDepth?
    @Flag(help: "Copy the images; else the folder holds links to them.")
    var copyImages = false
    @Flag(help: "Round edges to whole pixels, for tools that read integers only.")
    var wholePixels = false
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        if AnnotationFormats.named(format) == nil { throw ValidationError("--format is one of \(AnnotationFormats.names).") }
    }

    func run() throws {
        try reports.claim(inputs: ["\(dataset)/annotations.json"])
        try Failure.about(dataset) {
            guard let format = AnnotationFormats.named(format) else { return }
            var options = ExportOptions()
            options.copiesImages = copyImages
            options.roundsToPixels = wholePixels
            options.shards = shards
            options.bitDepth = bitDepth
            var dataset = try Dataset.read(directory: URL(fileURLWithPath: dataset))
            if let part {
                dataset.images.removeAll { $0.part != part }
                guard !dataset.images.isEmpty else { throw DatasetError(.missing, "no image is in the part \"\(part)\"") }
            }
            let exporter = DatasetExporter(format, options: options)
            let notes = try exporter.write(dataset, to: URL(fileURLWithPath: out))
            for note in notes { reports.note(note) }
            let lost = exporter.lost(of: dataset)
            for lost in lost { reports.note("\(format.title) does not carry \(lost): left out") }
            reports.note("\(out): \(format.title): \(dataset.images.count) images, \(dataset.boxCount) boxes")
            try reports.write(
                "dataset export",
                DatasetExportReport(out: out, format: self.format, dataset: dataset, notes: notes, leftOut: Array(lost)))
        }
    }
}
