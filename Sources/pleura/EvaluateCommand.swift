import ArgumentParser
import Assessment
import Basics
import Console
import DICOM
import Evaluation
import EvaluationReports
import Foundation
import Models
import Outputs
import Pages
import Radiographs

private let (shareRange, foldRange, seedRange) = (OptionRange.share, OptionRange.fold, OptionRange.seed)
private let drawsRange = OptionRange<Int>.whole(0...1_000_000)
private let masksRange = OptionRange<Int>.whole(0...100_000)
private let imagesRange = OptionRange<Int>.whole(1...1_000_000)
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
        help: ArgumentHelp("Compare two models, cross-validations or files of predictions on the same images.", valueName: "a b"))
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
    @Flag(
        help: """
            Measure the model on films made worse on purpose (noise, blur, exposure, curve, JPEG, inversion, turning, borders), with and \
            without mending and each step of preprocessing, as one table.
            """)
    var degraded = false
    @Option(
        help: imagesRange.help("With --degraded: at most so many images, drawn by --seed; all if not given", "n"),
        transform: imagesRange.parse)
    var degradedImages: Int?
    @Option(help: ArgumentHelp("Write the page and the JSON into this folder.", valueName: "dir"))
    var report: String?
    @Flag(
        help: """
            Put the model's maps to their test in place of its boxes, on patients that it did not learn from: does a map beat a Gaussian \
            drawn on the box, change with random weights, and come out alike twice? --write-card notes which maps may be shown.
            """)
    var explanations = false
    @Option(
        help: masksRange.help("With --explanations: test D-RISE too, with so many random masks to begin with", "n"),
        transform: masksRange.parse)
    var randomMasks = 0
    @Option(
        help: masksRange.help("With --explanations: detections of a finding that are looked at, 20 at least for a verdict", "n", usual: 30),
        transform: masksRange.parse)
    var explainedDetections = 30
    @Option(
        help: masksRange.help("With --explanations: how many of them are compared with networks of random weights", "n", usual: 8),
        transform: masksRange.parse)
    var randomisedDetections = 8
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
    @Flag(
        help: """
            Nodules on CT by the rules of LUNA16: --model on a --dataset of drawn scans (pleura phantom --ct), or --predictions (a list of \
            marks) against a --dataset that is a list of nodules.
            """)
    var ct = false
    @Option(help: ArgumentHelp("With --ct: a list of findings on which marks count nothing.", valueName: "csv"))
    var irrelevant: String?
    @Option(
        help: ArgumentHelp("With --ct: the series that were looked at, one a line; those of the lists if not given.", valueName: "file"))
    var scans: String?
    @OptionGroup var engine: EngineOptions
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        if ct { return try validateNodules() }
        if irrelevant != nil || scans != nil { throw ValidationError("--irrelevant and --scans go with --ct.") }
        let given = [model != nil, crossValidated != nil, predictions != nil, !compare.isEmpty].count { $0 }
        if given != 1 { throw ValidationError("One of --model, --cross-validated, --predictions and --compare is needed.") }
        if !compare.isEmpty, compare.count != 2 {
            throw ValidationError("--compare takes two: models, cross-validations or files of predictions.")
        }
        if explanations {
            guard model != nil else { throw ValidationError("--explanations needs --model.") }
            guard report == nil, secondReader == nil, defaultThreshold == nil else {
                throw ValidationError("--explanations goes with neither --report nor --second-reader nor --default-threshold.")
            }
        } else if randomMasks > 0 {
            throw ValidationError("--random-masks needs --explanations.")
        }
        if writeCard, model == nil { throw ValidationError("--write-card needs --model.") }
        if cardOf != nil, crossValidated == nil { throw ValidationError("--card-of needs --cross-validated.") }
        if defaultThreshold != nil {
            guard writeCard || cardOf != nil else { throw ValidationError("--default-threshold needs --write-card or --card-of.") }
        }
        if secondReader != nil, !compare.isEmpty { throw ValidationError("--second-reader and --compare do not go together.") }
        if degraded, model == nil { throw ValidationError("--degraded needs --model.") }
        if degraded, report != nil || writeCard || secondReader != nil {
            throw ValidationError("--degraded gives one table: --report, --write-card and --second-reader do not go with it.")
        }
        if degradedImages != nil, !degraded { throw ValidationError("--degraded-images needs --degraded.") }
        let files = [dataset, model, crossValidated, predictions, report, secondReader, cardOf] + compare.map(Optional.some)
        for case let path? in files where path.isEmpty {
            throw ValidationError("A file's name must not be empty.")
        }
        if report == "-" { throw ValidationError("--report needs a folder.") }
    }

    func run() async throws {
        if ct { return try runNodules() }
        try claimPlaces()
        let images = try AssessedImages(directory: dataset, fold: fold)
        let runner = engine.runner(reports)
        if explanations, let model { return try await explain(model, images, runner) }
        if degraded, let model { return try runDegraded(model, images, runner) }
        guard compare.isEmpty else { return try await run(compare.map(DetectionSource.named), images, runner) }
        let source: DetectionSource =
            model.map { .model($0) } ?? crossValidated.map { .crossValidation($0) } ?? .predictions(predictions ?? "")
        let outcome = try await ModelAssessment(
            of: source, on: images, by: runner, settings: settings, secondReader: secondReader, card: card
        ).run()
        let evaluation = outcome.report
        tell(evaluation.warnings)
        let pictures =
            report == nil
            ? [] : EvaluationPage.pictures(of: evaluation, input: outcome.input, in: images.dataset, decoders: DecoderRegistry.standard)
        try Failure.writing {
            try write(try evaluation.json, as: ReportFile.figures) { try EvaluationPage.html(evaluation, pictures: pictures) }
            if reports.printsText { StandardOutput.write(EvaluationTable.text(evaluation)) }
        }
        if let written = try outcome.writeCard() { reports.note(written.text) }
        if outcome.hasFailures { throw Failure(.someInputsFailed, "") }
    }

    private func explain(_ model: String, _ images: AssessedImages, _ runner: ModelRunner) async throws {
        var assessment = ExplanationAssessment(of: model, on: images, by: runner)
        (assessment.randomMasks, assessment.seed) = (randomMasks, seed)
        (assessment.mostDetections, assessment.randomisedDetections) = (explainedDetections, randomisedDetections)
        let outcome = try await assessment.run()
        try Failure.writing {
            try reports.write("evaluate --explanations", outcome)
            if reports.printsText { StandardOutput.write(outcome.text) }
        }
        if writeCard {
            let bundle = try outcome.writeCard(of: try runner.bundle(model))
            reports.note("\(outcome.verdicts.count) verdicts on maps are in the card; the model's digest is now \(bundle.digest)")
        }
        if outcome.failed > 0 { throw Failure(.someInputsFailed, "") }
    }

    private func runDegraded(_ model: String, _ images: AssessedImages, _ runner: ModelRunner) throws {
        let report = try DegradedAssessment(of: model, on: images, by: runner, seed: seed, mostImages: degradedImages).run()
        if let overlap = report.overlap { StandardError.line("pleura: note: \(overlap)") }
        try Failure.writing {
            if reports.printsText { StandardOutput.write(report.text) }
            try reports.write("evaluate", report)
        }
        if report.failed > 0 { throw Failure(.someInputsFailed, "") }
    }

    private func run(_ sources: [DetectionSource], _ images: AssessedImages, _ runner: ModelRunner) async throws {
        let (comparison, hasFailures) = try await DetectorComparison(
            of: sources[0], and: sources[1], on: images, by: runner, settings: settings
        ).run()
        tell(comparison.warnings)
        try Failure.writing {
            try write(try comparison.json, as: ReportFile.comparison) { try ComparisonPage.html(comparison) }
            if reports.printsText { StandardOutput.write(ComparisonTable.text(comparison)) }
        }
        if hasFailures { throw Failure(.someInputsFailed, "") }
    }

    private var settings: EvaluationSettings {
        var settings = EvaluationSettings(boxImages: images, draws: draws, seed: seed)
        settings.scoreThreshold = threshold
        if !falsePositivesPer100.isEmpty { settings.falseBoxesPer100Images = Set(falsePositivesPer100).sorted() }
        return settings
    }

    private var card: CardRequest? {
        let card: CardRequest.Card? = cardOf.map { .model($0) } ?? (writeCard ? .own : nil)
        return card.map { CardRequest($0, defaultThreshold: defaultThreshold, allowsMissingFolds: incomplete) }
    }

    // MARK: What is written

    /// The names of the files in the folder of `--report`.
    private enum ReportFile {
        static let page = "index.html"
        static let figures = "evaluation.json"
        static let comparison = "comparison.json"
    }

    /// Before anything is measured: what is written must not lie where something has to stay.
    private func claimPlaces() throws {
        let annotations = [dataset, secondReader].compactMap { $0 }.map { "\($0)/annotations.json" }
        let folder = report.map { URL(fileURLWithPath: $0) }
        let names = [ReportFile.page, compare.isEmpty ? ReportFile.figures : ReportFile.comparison]
        try reports.claim(
            inputs: [predictions].compactMap { $0 } + compare + annotations,
            beside: names.map { ("--report", folder?.appendingPathComponent($0).path) })
    }

    private func write(_ json: Data, as name: String, page: () throws -> String) throws {
        if let file = reports.json { try OutputFile.write(json, toFileOrStandardOutput: file) }
        guard let folder = report.map({ URL(fileURLWithPath: $0) }) else { return }
        try OutputFile.write(json, to: folder.appendingPathComponent(name))
        try OutputFile.write(Data(page().utf8), to: folder.appendingPathComponent(ReportFile.page))
    }

    private func tell(_ warnings: [EvaluationReport.Warning]) {
        for warning in warnings where warning.severity == .danger || !reports.quiet {
            let mark = warning.severity == .danger ? "WARNING" : "note"
            let text = "pleura: \(mark): \(warning.text)"
            // Red, where somebody looks at it.
            if warning.severity == .danger, StandardError.isTerminal {
                StandardError.write("\u{1B}[1;31m")
                StandardError.line(text)
                StandardError.write("\u{1B}[0m")
            } else {
                StandardError.line(text)
            }
        }
    }
}

extension EvaluationSettings.BoxImages: ExpressibleByArgument {}
