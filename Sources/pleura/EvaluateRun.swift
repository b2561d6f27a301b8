import Basics
import Console
import DICOM
import Datasets
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Models
import Outputs
import Pages
import Radiographs

/// Does what `pleura evaluate` was asked for.
struct EvaluateRun {
    let command: EvaluateCommand

    /// - Throws: `Failure` of the contract's exit code, when all that could be done is done.
    func run() async throws {
        let dataset = try Self.read(command.dataset)
        let images = try Self.images(of: dataset, fold: command.fold, path: command.dataset)
        if command.compare.count == 2 {
            try await compare(command.compare[0], command.compare[1], dataset, images)
        } else {
            try await evaluate(dataset, images)
        }
    }

    private var settings: EvaluationSettings {
        var settings = EvaluationSettings(boxImages: command.images, draws: command.draws, seed: command.seed)
        settings.scoreThreshold = command.threshold
        if !command.falsePositivesPer100.isEmpty { settings.falseBoxesPer100Images = Set(command.falsePositivesPer100).sorted() }
        return settings
    }

    // MARK: One detector

    private func evaluate(_ dataset: Dataset, _ images: [DatasetImage]) async throws {
        let source: DetectionSource =
            command.model.map { .model($0) } ?? command.crossValidated.map { .crossValidation($0) }
            ?? .predictions(command.predictions ?? "")
        let target = try command.cardOf.map(bundle)
        let scored = try await source.detections(on: images, of: dataset, command: command)
        if let target { try requireOneRecipe(target, scored, dataset) }
        var settings = self.settings
        settings.scoreThreshold =
            command.threshold ?? command.defaultThreshold ?? target?.card.scoreThreshold ?? scored.bundle?.card.scoreThreshold
            ?? scored.foldBundles.first?.card.scoreThreshold
        var input = scored.input(dataset, split: split)
        if let reader = command.secondReader { input.secondReader = try secondReader(reader, dataset) }
        var report = try Self.scoring(command.dataset) { try EvaluationReport(input, settings: settings) }
        report.subject = scored.subject
        report.dataset = Self.name(dataset)
        report.warnings = scored.warnings + report.warnings
        tell(report.warnings)
        let pictures =
            command.report == nil ? [] : EvaluationPage.pictures(of: report, input: input, in: dataset, decoders: DecoderRegistry.standard)
        try Self.writing { try write(report, pictures: pictures) }
        if command.writeCard, let bundle = scored.bundle { try writeCard(bundle, report, scored.overlap) }
        if let target { try writeCard(target, report, .none) }
        if scored.hasFailures { throw Failure(.someInputsFailed, "") }
    }

    private func write(_ report: EvaluationReport, pictures: [EvaluationPage.Picture]) throws {
        let json = try report.json
        if let file = command.json { try Self.write(json, to: file) }
        if let folder = command.report.map({ URL(fileURLWithPath: $0) }) {
            try OutputFile.write(json, to: folder.appendingPathComponent(EvaluateCommand.ReportFile.figures))
            let page = try EvaluationPage.html(report, pictures: pictures)
            try OutputFile.write(Data(page.utf8), to: folder.appendingPathComponent(EvaluateCommand.ReportFile.page))
        }
        if command.reports.printsText { StandardOutput.write(EvaluationTable.text(report)) }
    }

    private func bundle(_ model: String) throws -> ModelBundle {
        do {
            return try ModelStore.standard.bundle(model)
        } catch {
            throw Failure.bundle(model, error)
        }
    }

    /// Thresholds and calibrations are of one way from image to score: that of a model which another recipe made is another.
    private func requireOneRecipe(_ target: ModelBundle, _ scored: ScoredDetections, _ dataset: Dataset) throws {
        let card = target.card
        for bundle in scored.foldBundles {
            let isSame =
                bundle.card.architecture == card.architecture && bundle.card.inputSide == card.inputSide
                && bundle.card.preprocessing == card.preprocessing && bundle.card.suppression == card.suppression
                && bundle.labelMap == target.labelMap
            guard isSame else {
                throw Failure(.wrongUse, "\(card.name): its card is left as it was: the cross-validated models are of another recipe")
            }
        }
        let missing = Set(dataset.folds.values).count - scored.foldBundles.count
        guard missing <= 0 || command.incomplete else {
            throw Failure(
                .wrongUse,
                "\(card.name): its card is left as it was: \(missing) of the dataset's folds have no model; --incomplete takes the others")
        }
        guard scored.overlap != .unknown else {
            throw Failure(
                .wrongUse,
                "\(card.name): its card is left as it was: the cards of the cross-validated models do not say what they learnt from")
        }
    }

    private func writeCard(_ bundle: ModelBundle, _ report: EvaluationReport, _ overlap: TrainingOverlap) throws {
        if case .learntFrom = overlap {
            throw Failure(.wrongUse, "\(bundle.card.name): its card is left as it was: the model has learnt from these patients")
        }
        guard !report.operatingPoints.isEmpty || !report.calibrations.isEmpty else {
            throw Failure(.someInputsFailed, "\(bundle.card.name): its card is left as it was: these images give no operating point")
        }
        var card = report.filling(bundle.card)
        card.scoreThreshold = command.defaultThreshold ?? card.scoreThreshold
        do {
            let written = try bundle.replacing(card: card)
            if !command.quiet {
                StandardError.line(
                    "pleura: \(card.metrics.count) figures, \(report.operatingPoints.count) operating points and "
                        + "\(report.calibrations.count) calibrations are in the card; the model's digest is now \(written.digest)")
            }
        } catch {
            throw Failure(.somethingMissing, "\(bundle.card.name): \(Failure.reason(error))")
        }
    }

    // MARK: Two detectors

    private func compare(_ first: String, _ second: String, _ dataset: Dataset, _ images: [DatasetImage]) async throws {
        var scored: [ScoredDetections] = []
        for name in [first, second] {
            let source = DetectionSource.named(name)
            scored.append(try await source.detections(on: images, of: dataset, command: command))
        }
        // Only what both could read can be compared.
        let both = Set(scored[0].images.map(\.id)).intersection(scored[1].images.map(\.id))
        let inputs = scored.map { $0.keeping(both).input(dataset, split: split) }
        var report = try Self.scoring(command.dataset) { try ComparisonReport(inputs[0], inputs[1], settings: settings) }
        (report.first, report.second) = (scored[0].subject, scored[1].subject)
        report.dataset = Self.name(dataset)
        report.warnings =
            zip(["first", "second"], scored).flatMap { name, scored in
                scored.warnings.map { EvaluationReport.Warning($0.severity, "the \(name): \($0.text)") }
            } + report.warnings
        tell(report.warnings)
        try Self.writing {
            let json = try report.json
            if let file = command.json { try Self.write(json, to: file) }
            if let folder = command.report.map({ URL(fileURLWithPath: $0) }) {
                try OutputFile.write(json, to: folder.appendingPathComponent(EvaluateCommand.ReportFile.comparison))
                try OutputFile.write(
                    Data(ComparisonPage.html(report).utf8), to: folder.appendingPathComponent(EvaluateCommand.ReportFile.page))
            }
            if command.reports.printsText { StandardOutput.write(ComparisonTable.text(report)) }
        }
        if scored.contains(where: \.hasFailures) { throw Failure(.someInputsFailed, "") }
    }

    // MARK: What is scored

    private var split: String { command.fold.map { "fold \($0)" } ?? "all images" }

    /// The images of a fold, or all.
    static func images(of dataset: Dataset, fold: Int?, path: String) throws -> [DatasetImage] {
        guard let fold else { return dataset.images }
        let folds = Set(dataset.folds.values).sorted()
        guard folds.contains(fold) else {
            let there = folds.isEmpty ? "it has none" : "it has \(folds.map(String.init).joined(separator: ", "))"
            throw Failure(.wrongUse, "\(path): there is no fold \(fold); \(there)")
        }
        return dataset.images.filter { dataset.fold(of: $0) == fold }
    }

    private func secondReader(_ path: String, _ dataset: Dataset) throws -> SecondReader {
        let other = try Self.read(path)
        let index = Dictionary(dataset.findingClasses.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let names = other.findingClasses.names
        let boxes = other.images.map { image in
            (
                image.stem,
                image.boxes.compactMap { box in
                    names[box.classID].flatMap { index[$0] }.map { TruthBox(box: box.box, classIndex: $0) }
                }
            )
        }
        return SecondReader(name: "second reader (\(Self.name(other)))", boxes: Dictionary(boxes) { first, _ in first })
    }

    static func read(_ path: String) throws -> Dataset {
        var dataset: Dataset?
        try DatasetCommand.reporting(path) { dataset = try Dataset.read(directory: URL(fileURLWithPath: path)) }
        guard let dataset else { throw Failure(.somethingMissing, "\(path): cannot be read") }
        return dataset
    }

    private static func name(_ dataset: Dataset) -> String { dataset.directory.standardizedFileURL.lastPathComponent }

    // MARK: Words

    private func tell(_ warnings: [EvaluationReport.Warning]) {
        for warning in warnings where warning.severity == .danger || !command.quiet {
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

    private static func scoring<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw Failure(.someInputsFailed, "\(path): \(Failure.reason(error))")
        }
    }

    private static func write(_ bytes: Data, to file: String) throws {
        try OutputFile.write(bytes, toFileOrStandardOutput: file)
    }

    /// A report that cannot be written ends the run.
    private static func writing(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw error as? Failure ?? Failure(.somethingMissing, Failure.reason(error))
        }
    }
}
