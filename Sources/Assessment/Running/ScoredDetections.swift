import Datasets
import Evaluation
import EvaluationReports
import Findings
import Models

/// Images, what was said of them, and by whom.
public struct ScoredDetections: Sendable {
    public internal(set) var images: [DatasetImage] = []
    /// One list an image: boxes in pixels of the image, their classes by column of the dataset's findings.
    public internal(set) var detections: [[Detection]] = []
    /// One score, 0 to 1, a finding of the dataset for each image, where the model says them of all of the dataset's findings.
    public internal(set) var imageScores: [[Double]?] = []
    /// Which images were scored, where the source says.
    public internal(set) var split: String?
    public internal(set) var subject = EvaluationReport.Subject()
    public internal(set) var warnings: [EvaluationReport.Warning] = []
    /// `nil` for predictions and for a cross-validation.
    public internal(set) var bundle: ModelBundle?
    /// Of a cross-validation, each fold's model.
    public internal(set) var foldBundles: [ModelBundle] = []
    /// Whether the model has learnt from patients of these images.
    public internal(set) var overlap = TrainingOverlap.unknown
    /// Images that could not be read.
    public internal(set) var failed = 0
    /// Rows of predictions that could not be used.
    public internal(set) var leftOutRows = 0

    init() {}

    /// Whether some images or rows are in no figure.
    public var hasFailures: Bool { failed > 0 || leftOutRows > 0 }

    /// Adds what another model says of other images.
    mutating func append(_ other: ScoredDetections) {
        images += other.images
        detections += other.detections
        imageScores += other.imageScores
        failed += other.failed
        leftOutRows += other.leftOutRows
        warnings += other.warnings.filter { !warnings.contains($0) }
    }

    /// Only the images of some ids.
    func keeping(_ ids: Set<Int>) -> ScoredDetections {
        var part = self
        let kept = images.indices.filter { ids.contains(images[$0].id) }
        part.images = kept.map { images[$0] }
        part.detections = kept.map { detections[$0] }
        part.imageScores = imageScores.isEmpty ? [] : kept.map { imageScores[$0] }
        return part
    }

    /// What a report is made of.
    /// - Parameter assessed: The images that were asked for; the controls learn from all of their dataset.
    public func input(_ assessed: AssessedImages) -> EvaluationInput {
        let dataset = assessed.dataset
        var input = EvaluationInput(
            findingClasses: dataset.findingClasses, images: images, detections: detections,
            imageScores: imageScores.contains { $0 != nil } ? imageScores : nil, split: split ?? assessed.split,
            learningImages: dataset.images.compactMap { image in dataset.fold(of: image).map { (image, $0) } })
        input.coverage = SourceCoverage(dataset)
        input.sources = dataset.sources.map(\.name)
        return input
    }
}
