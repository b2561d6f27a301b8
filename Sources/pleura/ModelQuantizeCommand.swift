import ArgumentParser
import Foundation

/// Gives a model a second network, of 8-bit integers.
struct ModelQuantizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize", abstract: "Make a copy of a model with a second network of 8-bit integers, for --precision int8.",
        discussion: """
            Ranges are measured on images of a dataset, and the loss on others: with --fold on that fold's images, ranges on those of the \
            other folds. mAP50 of both networks is printed and goes into the new model's card. Where more is lost than --largest-loss, \
            nothing is written. Of an ensemble, quantise the members, then make the ensemble of those.
            """)

    @Argument(help: ArgumentHelp("A model's name or its directory.", valueName: "name|dir"))
    var model: String
    @Option(help: ArgumentHelp("A dataset directory with readers' boxes.", valueName: "dir"))
    var dataset: String
    @Option(help: ArgumentHelp("Measure the loss on this fold, ranges on the others; all images for both if not given.", valueName: "k"))
    var fold: Int?
    @Option(help: ArgumentHelp("Where the new model goes; nothing may be there.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("How much mAP50 may be lost, 0 to 1.", valueName: "x"))
    var largestLoss = 0.01
    @Option(help: ArgumentHelp("Images that ranges are measured on.", valueName: "n"))
    var calibrationImages = 200
    @Flag(help: "Show no progress.")
    var quiet = false

    func validate() throws {
        guard (0...1).contains(largestLoss) else { throw ValidationError("--largest-loss must be between 0 and 1.") }
        guard (1...1_000_000).contains(calibrationImages) else {
            throw ValidationError("--calibration-images must be between 1 and 1000000.")
        }
        for path in [model, dataset, out] where path.isEmpty { throw ValidationError("A file's name must not be empty.") }
    }

    func run() async throws { try await QuantizeRun(command: self).run() }
}
