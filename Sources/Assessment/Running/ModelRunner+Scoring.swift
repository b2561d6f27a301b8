import Datasets
import Detection
import Evaluation
import EvaluationReports
import Findings
import Inference
import Models

extension ModelRunner {
    /// A model's detections on images, ready to be scored.
    /// - Parameters:
    ///   - name: What the user calls the model.
    ///   - images: Those of `assessed`, or some of them.
    /// - Throws: `AssessmentError` where none of the model's findings is in the dataset, or none of the images can be read;
    ///   `CancellationError` where the task is cancelled.
    public func scored(
        _ detector: Detector, called name: String, on images: [DatasetImage], of assessed: AssessedImages
    ) async throws -> ScoredDetections {
        let (bundle, dataset) = (detector.bundle, assessed.dataset)
        let columns = FindingColumns(dataset.findingClasses)
        let unknown = columns.unknown(of: bundle.labelMap)
        guard unknown.count < bundle.labelMap.classes.count else {
            throw AssessmentError(.unusable, about: name, "none of its findings is in the label map of \(assessed.name)")
        }
        let (answers, failed) = try await answers(of: detector, on: images, of: dataset)
        guard !answers.isEmpty else { throw AssessmentError(.unusable, about: assessed.name, "none of its images could be read") }
        var scored = ScoredDetections()
        scored.bundle = bundle
        scored.overlap = TrainingOverlap(bundle, dataset: dataset, images: images)
        scored.subject = Self.subject(bundle, precision: detector.settings.precision.rawValue)
        scored.images = answers.map(\.image)
        scored.detections = answers.map(\.detections)
        scored.imageScores = answers.map(\.imageScores)
        scored.failed = failed
        scored.warnings = [scored.overlap.warning].compactMap { $0 }
        if !unknown.isEmpty {
            scored.warnings.append(
                .init(.note, "the dataset does not know \(unknown.joined(separator: ", ")): what the model says of it is left out"))
        }
        let never = columns.neverSaid(by: bundle.labelMap)
        if !never.isEmpty {
            scored.warnings.append(.init(.note, "the model never says \(never.joined(separator: ", ")): all its boxes are missed"))
        }
        if failed > 0 {
            scored.warnings.append(.init(.note, "\(failed) of \(images.count) images could not be read and are in no figure"))
        }
        return scored
    }

    private static func subject(_ bundle: ModelBundle, precision: String) -> EvaluationReport.Subject {
        var subject = EvaluationReport.Subject()
        subject.kind = "model"
        (subject.name, subject.version, subject.digest) = (bundle.card.name, bundle.card.version, bundle.digest)
        subject.precision = precision
        let experimental = bundle.findingClasses.filter(\.isExperimental).map(\.name)
        subject.experimental = experimental.isEmpty ? nil : experimental
        (subject.trainingDigest, subject.trainingFolds) = (bundle.card.trainingData.digest, bundle.card.trainingData.folds)
        return subject
    }
}
