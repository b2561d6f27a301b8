import ArgumentParser
import Datasets
import Foundation

/// Radiographs of nobody, as a dataset with its boxes.
struct PhantomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phantom", abstract: "Draw chest radiographs of persons who never were, with boxes, for demonstrations and tests.")

    @Option(help: ArgumentHelp("How many.", valueName: "n"))
    var count: Int
    @Option(help: ArgumentHelp("The dataset directory to write: images/, annotations.json, label_map.pbtxt, folds.csv.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("The same seed gives the same pictures.", valueName: "n"))
    var seed: UInt64 = 1
    @Option(help: ArgumentHelp("Width and height in pixels, 512 to 1024; each picture its own if not given.", valueName: "pixels"))
    var size: Int?

    func validate() throws {
        if !(1...100_000).contains(count) { throw ValidationError("--count must be between 1 and 100000.") }
        if let size, !(512...1024).contains(size) { throw ValidationError("--size must be between 512 and 1024.") }
        if out.isEmpty { throw ValidationError("--out needs a directory.") }
    }

    func run() throws {
        do {
            try PhantomGenerator(seed: seed, side: size).writeDataset(count: count, to: URL(fileURLWithPath: out))
        } catch {
            throw Failure(.somethingMissing, "\(out): \(Failure.reason(error))")
        }
        StandardError.line("pleura: \(out): \(count) phantoms")
    }
}
