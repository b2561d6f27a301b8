import ArgumentParser
import Datasets
import Foundation

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
    @Option(help: ArgumentHelp("How many files records are spread over.", valueName: "n"))
    var shards = 1
    @Option(
        help: ArgumentHelp(
            "Bits a sample of the pictures, 8 or 16; else each keeps its own. Samples use the whole range of their bits either way.",
            valueName: "bits"))
    var bitDepth: Int?
    @Flag(help: "Copy the images; else the folder holds links to them.")
    var copyImages = false
    @Flag(help: "Round edges to whole pixels, for tools that read integers only.")
    var wholePixels = false

    func validate() throws {
        if AnnotationFormats.named(format) == nil { throw ValidationError("--format is one of \(AnnotationFormats.names).") }
        if let bitDepth, PictureDepth(rawValue: bitDepth) == nil { throw ValidationError("--bit-depth is 8 or 16.") }
        if !(1...100_000).contains(shards) { throw ValidationError("--shards must be between 1 and 100000.") }
    }

    func run() throws {
        try DatasetCommand.reporting(dataset) {
            guard let format = AnnotationFormats.named(format) else { return }
            var options = ExportOptions()
            options.copiesImages = copyImages
            options.roundsToPixels = wholePixels
            options.shards = shards
            options.bitDepth = bitDepth.flatMap(PictureDepth.init)
            var dataset = try Dataset.read(directory: URL(fileURLWithPath: dataset))
            if let part {
                dataset.images.removeAll { $0.part != part }
                guard !dataset.images.isEmpty else { throw DatasetError(.missing, "no image is in the part \"\(part)\"") }
            }
            let exporter = DatasetExporter(format, options: options)
            for note in try exporter.write(dataset, to: URL(fileURLWithPath: out)) { StandardError.line("pleura: \(note)") }
            for lost in exporter.lost(of: dataset) { StandardError.line("pleura: \(format.title) does not carry \(lost): left out") }
            StandardError.line("pleura: \(out): \(format.title): \(dataset.images.count) images, \(dataset.boxCount) boxes")
        }
    }
}
