import ArgumentParser
import Assessment
import Console
import DICOM
import Outputs
import Radiographs

private let (foldRange, shareRange) = (OptionRange.fold, OptionRange.share)
private let countRange = OptionRange<Int>.whole(1...1_000_000)

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
    @Option(
        help: foldRange.help("Measure the loss on this fold, ranges on the others; all images for both if not given", "k"),
        transform: foldRange.parse)
    var fold: Int?
    @Option(help: ArgumentHelp("Where the new model goes; nothing may be there.", valueName: "dir"))
    var out: String
    @Option(help: shareRange.help("How much mAP50 may be lost", "x", usual: 0.01), transform: shareRange.parse)
    var largestLoss = 0.01
    @Option(help: countRange.help("Images that ranges are measured on", "n", usual: 200), transform: countRange.parse)
    var calibrationImages = 200
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        for path in [model, dataset, out] where path.isEmpty { throw ValidationError("A file's name must not be empty.") }
    }

    func run() async throws {
        try reports.claim()
        let runner = ModelRunner(decoders: DecoderRegistry.standard, observer: ProgressBar(isQuiet: reports.quiet))
        let quantisation = try ModelQuantisation(of: model, to: out, by: runner)
        let trial = try await quantisation.trial(
            on: AssessedImages(directory: dataset, fold: fold), calibrationImages: calibrationImages)
        if reports.printsText { StandardOutput.write(trial.text) }
        let report = QuantisationReport(try trial.write(allowingLoss: largestLoss), map50Before: trial.before.map50)
        if reports.printsText { StandardOutput.write("\(report.path)\t\(report.digest)\n") }
        try reports.write("model quantize", report)
    }
}
