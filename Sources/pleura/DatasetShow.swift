import ArgumentParser
import Basics
import Console
import DICOM
import Datasets
import Findings
import Foundation
import Outputs
import Pages
import Radiographs

private let countRange = OptionRange<Int>.whole(1...10_000)
private let seedRange = OptionRange.seed

/// A look at a dataset.
struct DatasetShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Write a page of images with their boxes drawn on them.",
        discussion: """
            Images are drawn by lot, evenly over the findings and the images without boxes. The page needs nothing else and carries the \
            pictures in itself. An image that cannot be read is a tile that says why, and the exit code is 1.
            """)

    @Argument(help: ArgumentHelp("The dataset directory.", valueName: "dir"))
    var dataset: String
    @Option(help: ArgumentHelp("The page to write.", valueName: "file.html"))
    var out: String
    @Option(help: countRange.help("How many images", "n", usual: 24), transform: countRange.parse)
    var count = 24
    @Option(help: ArgumentHelp("Only images with this finding.", valueName: "name"))
    var finding: String?
    @Option(help: ArgumentHelp("Only images of this part, such as train.", valueName: "name"))
    var part: String?
    @Option(help: seedRange.help("Another seed draws other images", "n", usual: 1), transform: seedRange.parse)
    var seed: UInt64 = 1
    @OptionGroup var reports: ReportOptions

    private struct Done: Encodable {
        var out: String
        /// File names of the images drawn by lot.
        var images: [String]
        /// Those of them that cannot be read.
        var unreadable: [String]
    }

    func validate() throws {
        if out.isEmpty || out == "-" { throw ValidationError("--out needs a file.") }
    }

    func run() throws {
        try reports.claim(inputs: ["\(dataset)/annotations.json"], beside: [("--out", out)])
        try Failure.about(dataset) {
            let url = URL(fileURLWithPath: dataset)
            let set = try Dataset.read(directory: url)
            let images = try set.sample(count: count, seed: seed, finding: finding, part: part)
            let among = [finding.map { "with \($0)" }, part.map { "of part \($0)" }].compactMap { $0 }.joined(separator: ", ")
            let page = try SamplePage(
                URL(fileURLWithPath: out), dataset: set, name: url.standardizedFileURL.lastPathComponent,
                choice: "\(images.count) of \(set.images.count) images\(among.isEmpty ? "" : ", \(among)"), "
                    + "drawn evenly over findings with seed \(seed)")
            let registry = DecoderRegistry.standard
            let progress = ProgressBar(isQuiet: reports.quiet)
            progress.begin(images.count)
            var failed: [String] = []
            for image in images {
                if let error = try page.append(image, decoders: registry) {
                    failed.append(image.fileName)
                    progress.failed(set.url(of: image).path, error.description)
                }
                progress.advance()
            }
            progress.end()
            try page.finish()
            reports.note("\(out): \(images.count) images")
            try reports.write("dataset show", Done(out: out, images: images.map(\.fileName), unreadable: failed))
            if !failed.isEmpty { throw Failure(.someInputsFailed, "\(dataset): \(failed.count) of \(images.count) images cannot be read") }
        }
    }
}
