import Basics
import Datasets
import Evaluation
import EvaluationReports
import Findings
import Models

/// Measures one detector on images of known truth: a model, the models of a cross-validation, or another tool's predictions.
///
///     let images = try AssessedImages(directory: "chests", fold: 0)
///     let assessment = ModelAssessment(of: .model("nih8-fast"), on: images, by: ModelRunner(decoders: .standard))
///     let outcome = try await assessment.run()
///     print(outcome.report.map50)
public struct ModelAssessment: Sendable {
    public var source: DetectionSource
    public var images: AssessedImages
    public var runner: ModelRunner
    /// Where they name no score threshold, the card's is taken.
    public var settings: EvaluationSettings
    /// A dataset directory with another reader's boxes of these images, scored beside; `nil` for none.
    public var secondReader: String?
    /// Whose card is to be written; `nil` for nobody's.
    public var card: CardRequest?

    public init(
        of source: DetectionSource, on images: AssessedImages, by runner: ModelRunner, settings: EvaluationSettings = EvaluationSettings(),
        secondReader: String? = nil, card: CardRequest? = nil
    ) {
        (self.source, self.images, self.runner, self.settings) = (source, images, runner, settings)
        (self.secondReader, self.card) = (secondReader, card)
    }

    /// Runs and scores. No card is written yet (`AssessmentOutcome.writeCard`), but one that must not be written is refused here as far as
    /// that can be told.
    /// - Throws: `AssessmentError`; `CancellationError` where the task is cancelled.
    public func run() async throws -> AssessmentOutcome {
        let target: ModelBundle? = if case .model(let name)? = card?.card { try runner.bundle(name) } else { nil }
        let scored = try await source.detections(on: images, by: runner)
        if let target, let card {
            try CardRules.requireOneRecipe(target, scored, images.dataset, allowsMissingFolds: card.allowsMissingFolds)
        }
        var settings = settings
        let cards = [target, scored.bundle, scored.foldBundles.first].compactMap(\.self).map(\.card)
        settings.scoreThreshold = settings.scoreThreshold ?? card?.defaultThreshold ?? cards.first?.scoreThreshold
        var input = scored.input(images)
        input.secondReader = try secondReader.map { path throws(AssessmentError) in
            SecondReader(try AssessedImages.read(path), of: images.dataset.findingClasses)
        }
        var report = try AssessmentError.about(images.name, status: .someInputsFailed) { [input, settings] in
            try EvaluationReport(input, settings: settings)
        }
        report.subject = scored.subject
        report.dataset = images.folderName
        report.warnings = scored.warnings + report.warnings
        return AssessmentOutcome(
            report: report, input: input, hasFailures: scored.hasFailures, card: card,
            bundle: target ?? scored.bundle, overlap: target == nil ? scored.overlap : .none)
    }
}

extension SecondReader {
    /// The boxes of a dataset's images as another reader's. Findings are matched by name, images by the name of their file without suffix.
    init(_ dataset: Dataset, of classes: [FindingClass]) {
        let index = Dictionary(classes.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let names = dataset.findingClasses.names
        let boxes = dataset.images.map { image in
            (
                image.stem,
                image.boxes.compactMap { box in
                    names[box.classID].flatMap { index[$0] }.map { TruthBox(box: box.box, classIndex: $0) }
                }
            )
        }
        self.init(
            name: "second reader (\(AssessedImages.folderName(dataset)))", boxes: Dictionary(boxes) { first, _ in first })
    }
}
