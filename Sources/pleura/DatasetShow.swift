import ArgumentParser
import DICOM
import Datasets
import Findings
import Foundation
import Radiographs
import Reports

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
    @Option(help: ArgumentHelp("How many images.", valueName: "n"))
    var count = 24
    @Option(help: ArgumentHelp("Only images with this finding.", valueName: "name"))
    var finding: String?
    @Option(help: ArgumentHelp("Only images of this part, such as train.", valueName: "name"))
    var part: String?
    @Option(help: ArgumentHelp("Another seed draws other images.", valueName: "n"))
    var seed: UInt64 = 1
    @Flag(help: "Show no progress.")
    var quiet = false

    func validate() throws {
        if !(1...10_000).contains(count) { throw ValidationError("--count must be between 1 and 10000.") }
        if out.isEmpty || out == "-" { throw ValidationError("--out needs a file.") }
    }

    func run() throws {
        try DatasetCommand.reporting(dataset) {
            let url = URL(fileURLWithPath: dataset)
            let set = try Dataset.read(directory: url)
            let images = try set.sample(count: count, seed: seed, finding: finding, part: part)
            let among = [finding.map { "with \($0)" }, part.map { "of part \($0)" }].compactMap { $0 }.joined(separator: ", ")
            let page = try SamplePage(
                URL(fileURLWithPath: out), dataset: set, name: url.standardizedFileURL.lastPathComponent,
                choice: "\(images.count) of \(set.images.count) images\(among.isEmpty ? "" : ", \(among)"), "
                    + "drawn evenly over findings with seed \(seed)")
            let registry = DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder(), DICOMDecoder()])
            var progress = Progress(total: images.count, isQuiet: quiet)
            var failed = 0
            for image in images {
                let fold = set.fold(of: image)
                do {
                    let radiograph = try registry.decode(path: set.url(of: image).path)
                    guard radiograph.pixels.width == image.width, radiograph.pixels.height == image.height else {
                        throw RadiographError(.damaged, "the file has another size than the dataset says")
                    }
                    try page.append(image, fold: fold, picture: try SamplePage.picture(of: radiograph))
                } catch let error as RadiographError {
                    failed += 1
                    progress.failure(set.url(of: image).path, error.description)
                    try page.append(image, fold: fold, error: error.description)
                }
                progress.advance()
            }
            progress.clear()
            try page.finish()
            StandardError.line("pleura: \(out): \(images.count) images")
            if failed > 0 { throw Failure(.someInputsFailed, "\(dataset): \(failed) of \(images.count) images cannot be read") }
        }
    }
}
