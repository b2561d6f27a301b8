import ArgumentParser
import Evaluation
import Foundation
import Inference

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure how good a model, or any tool's predictions, are on images of known truth.",
        discussion: """
            Prints tables unless --json - takes standard output. Figures carry 95 percent intervals over patients; Documentation/Evaluation.md \
            explains each. --predictions takes COCO results JSON, a folder of YOLO txt files with scores, CSV, or the JSON of pleura detect.
            Research use only.
            """)

    @Option(help: ArgumentHelp("The dataset directory with the truth.", valueName: "dir"))
    var dataset: String
    @Option(help: ArgumentHelp("A model's name or its directory.", valueName: "name|dir"))
    var model: String?
    @Option(
        help: ArgumentHelp(
            "The folder of a cross-validation (fold_0/bundle, …): each model scored on the fold that it did not learn from, pooled.",
            valueName: "dir"))
    var crossValidated: String?
    @Option(help: ArgumentHelp("Another tool's results in place of a model.", valueName: "file|dir"))
    var predictions: String?
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Compare two models or files of predictions on the same images.", valueName: "a b"))
    var compare: [String] = []
    @Option(help: ArgumentHelp("Only the images of this fold's patients; all images if not given.", valueName: "k"))
    var fold: Int?
    @Option(help: "Which images figures of boxes are of: boxed, those with a box, or all, those without any finding too.")
    var images = EvaluationSettings.BoxImages.boxed
    @Option(
        help: ArgumentHelp("The score for confusion, RSNA's figure, subgroups and examples; the model's own if not given.", valueName: "x"))
    var threshold: Double?
    @Option(help: ArgumentHelp("Draws of patients for the intervals; 0 for none.", valueName: "n"))
    var draws = 1000
    @Option(help: ArgumentHelp("Seed of the draws.", valueName: "n"))
    var seed: UInt64 = 1
    @Option(
        name: .customLong("false-positives-per-100"), parsing: .upToNextOption,
        help: ArgumentHelp("False boxes of a finding on 100 images for which operating points are measured.", valueName: "n ..."))
    var falsePositivesPer100: [Double] = []
    @Option(help: ArgumentHelp("A dataset directory with another reader's boxes of these images, scored beside.", valueName: "dir"))
    var secondReader: String?
    @Option(help: ArgumentHelp("Write all figures as JSON; - is standard output.", valueName: "file"))
    var json: String?
    @Option(help: ArgumentHelp("Write the page and the JSON into this folder.", valueName: "dir"))
    var report: String?
    @Flag(help: "Write figures, operating points and calibration into the model's card.")
    var writeCard = false
    @Option(
        help: ArgumentHelp(
            "With --cross-validated: into the card of this model, made by the same recipe from all folds.", valueName: "name|dir"))
    var cardOf: String?
    @Flag(help: "With --card-of: although some of the dataset's folds have no model.")
    var incomplete = false
    @Option(help: ArgumentHelp("With --write-card or --card-of: the model's default threshold from now on.", valueName: "x"))
    var defaultThreshold: Double?
    @OptionGroup var engine: EngineOptions
    @Flag(help: "Show no progress.")
    var quiet = false

    func validate() throws {
        let given = [model != nil, crossValidated != nil, predictions != nil, !compare.isEmpty].count { $0 }
        if given != 1 { throw ValidationError("One of --model, --cross-validated, --predictions and --compare is needed.") }
        if !compare.isEmpty, compare.count != 2 { throw ValidationError("--compare takes two: models or files of predictions.") }
        if writeCard, model == nil { throw ValidationError("--write-card needs --model.") }
        if cardOf != nil, crossValidated == nil { throw ValidationError("--card-of needs --cross-validated.") }
        if let defaultThreshold {
            guard writeCard || cardOf != nil else { throw ValidationError("--default-threshold needs --write-card or --card-of.") }
            guard (0...1).contains(defaultThreshold) else { throw ValidationError("--default-threshold must be between 0 and 1.") }
        }
        if secondReader != nil, !compare.isEmpty { throw ValidationError("--second-reader and --compare do not go together.") }
        if !(0...1_000_000).contains(draws) { throw ValidationError("--draws must be between 0 and 1000000.") }
        if let threshold, !threshold.isFinite { throw ValidationError("--threshold must be a number.") }
        if !falsePositivesPer100.allSatisfy({ $0 > 0 && $0.isFinite }) {
            throw ValidationError("--false-positives-per-100 must be above 0.")
        }
        let files = [dataset, model, crossValidated, predictions, json, report, secondReader, cardOf] + compare.map(Optional.some)
        for case let path? in files where path.isEmpty {
            throw ValidationError("A file's name must not be empty.")
        }
        if report == "-" { throw ValidationError("--report needs a folder.") }
    }

    func run() async throws { try await EvaluateRun(command: self).run() }
}

extension EvaluationSettings.BoxImages: ExpressibleByArgument {}
