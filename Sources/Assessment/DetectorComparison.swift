import Basics
import Datasets
import Evaluation
import EvaluationReports

/// Measures two detectors on the same images.
public struct DetectorComparison: Sendable {
    public var first: DetectionSource
    public var second: DetectionSource
    public var images: AssessedImages
    public var runner: ModelRunner
    public var settings: EvaluationSettings

    public init(
        of first: DetectionSource, and second: DetectionSource, on images: AssessedImages, by runner: ModelRunner,
        settings: EvaluationSettings = EvaluationSettings()
    ) {
        (self.first, self.second, self.images, self.runner, self.settings) = (first, second, images, runner, settings)
    }

    /// Runs both and compares them on the images that both could read.
    /// - Returns: The report, and whether some images or rows are in no figure; each was told to the observer.
    /// - Throws: `AssessmentError`; `CancellationError` where the task is cancelled.
    public func run() async throws -> (report: ComparisonReport, hasFailures: Bool) {
        var scored: [ScoredDetections] = []
        for source in [first, second] { scored.append(try await source.detections(on: images, by: runner)) }
        // Only what both could read can be compared.
        let both = Set(scored[0].images.map(\.id)).intersection(scored[1].images.map(\.id))
        let inputs = scored.map { $0.keeping(both).input(images) }
        var report = try AssessmentError.about(images.name, status: .someInputsFailed) {
            try ComparisonReport(inputs[0], inputs[1], settings: settings)
        }
        (report.first, report.second) = (scored[0].subject, scored[1].subject)
        report.dataset = images.folderName
        report.warnings =
            zip(["first", "second"], scored).flatMap { name, scored in
                scored.warnings.map { EvaluationReport.Warning($0.severity, "the \(name): \($0.text)") }
            } + report.warnings
        return (report, scored.contains(where: \.hasFailures))
    }
}
