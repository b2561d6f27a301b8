import ArgumentParser
import Console
import Evaluation
import EvaluationReports
import Foundation
import Outputs

private let (shareRange, foldRange, seedRange) = (OptionRange.share, OptionRange.fold, OptionRange.seed)
private let drawsRange = OptionRange<Int>.whole(0...1_000_000)
private let rateRange = OptionRange.real(0...1_000_000, isAbove: true)

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
    @Option(help: foldRange.help("Only the images of this fold's patients; all images if not given", "k"), transform: foldRange.parse)
    var fold: Int?
    @Option(help: "Which images figures of boxes are of: boxed, those with a box, or all, those without any finding too.")
    var images = EvaluationSettings.BoxImages.boxed
    @Option(
        help: shareRange.help("The score for confusion, RSNA's figure, subgroups and examples; the model's own if not given", "x"),
        transform: shareRange.parse)
    var threshold: Double?
    @Option(help: drawsRange.help("Draws of patients for the intervals; 0 for none", "n", usual: 1000), transform: drawsRange.parse)
    var draws = 1000
    @Option(help: seedRange.help("Seed of the draws", "n", usual: 1), transform: seedRange.parse)
    var seed: UInt64 = 1
    @Option(
        name: .customLong("false-positives-per-100"), parsing: .upToNextOption,
        help: rateRange.help("False boxes of a finding on 100 images for which operating points are measured", "n ..."),
        transform: rateRange.parse)
    var falsePositivesPer100: [Double] = []
    @Option(help: ArgumentHelp("A dataset directory with another reader's boxes of these images, scored beside.", valueName: "dir"))
    var secondReader: String?
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
    @Option(
        help: shareRange.help("With --write-card or --card-of: the model's default threshold from now on", "x"),
        transform: shareRange.parse)
    var defaultThreshold: Double?
    @OptionGroup var engine: EngineOptions
    @OptionGroup var reports: ReportOptions

    var json: String? { reports.json }
    var quiet: Bool { reports.quiet }

    func validate() throws {
        let given = [model != nil, crossValidated != nil, predictions != nil, !compare.isEmpty].count { $0 }
        if given != 1 { throw ValidationError("One of --model, --cross-validated, --predictions and --compare is needed.") }
        if !compare.isEmpty, compare.count != 2 { throw ValidationError("--compare takes two: models or files of predictions.") }
        if writeCard, model == nil { throw ValidationError("--write-card needs --model.") }
        if cardOf != nil, crossValidated == nil { throw ValidationError("--card-of needs --cross-validated.") }
        if defaultThreshold != nil {
            guard writeCard || cardOf != nil else { throw ValidationError("--default-threshold needs --write-card or --card-of.") }
        }
        if secondReader != nil, !compare.isEmpty { throw ValidationError("--second-reader and --compare do not go together.") }
        let files = [dataset, model, crossValidated, predictions, report, secondReader, cardOf] + compare.map(Optional.some)
        for case let path? in files where path.isEmpty {
            throw ValidationError("A file's name must not be empty.")
        }
        if report == "-" { throw ValidationError("--report needs a folder.") }
    }

    func run() async throws {
        try claimPlaces()
        try await EvaluateRun(command: self).run()
    }

    /// The names of the files in the folder of `--report`.
    enum ReportFile {
        static let page = "index.html"
        static let figures = "evaluation.json"
        static let comparison = "comparison.json"
    }

    /// Before anything is measured: what is written must not lie where something has to stay.
    private func claimPlaces() throws {
        let annotations = [dataset, secondReader].compactMap { $0 }.map { "\($0)/annotations.json" }
        var places = OutputPlaces(inputs: ([predictions].compactMap { $0 } + compare) + annotations)
        if let report {
            let folder = URL(fileURLWithPath: report)
            for name in [ReportFile.page, compare.isEmpty ? ReportFile.figures : ReportFile.comparison] {
                try places.claim(folder.appendingPathComponent(name).path, for: "--report")
            }
        }
        if let json { try places.claim(json, for: "--json") }
    }
}

extension EvaluationSettings.BoxImages: ExpressibleByArgument {}
