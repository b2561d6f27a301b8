import Datasets
import Detection
import Findings

/// Lets a model propose boxes for findings that images are labelled with but have no box of.
public struct BoxProposing: Sendable {
    /// What came of it.
    public struct Outcome: Sendable {
        /// With the proposed boxes.
        public let dataset: Dataset
        /// Boxes proposed of each finding, by its column.
        public let counts: [Int]
        /// Images that the model looked at.
        public let images: Int
        /// Those of them that could not be read.
        public let failed: Int
    }

    public var proposals: BoxProposals
    /// Images of this fold's patients stay as they are; `nil` where none do.
    public var leftOutFold: Int?

    public init(_ proposals: BoxProposals, leftOutFold: Int? = nil) {
        (self.proposals, self.leftOutFold) = (proposals, leftOutFold)
    }

    /// Runs the model over the images that lack boxes. Nothing is written.
    /// - Parameter name: What the user calls the dataset.
    /// - Throws: `AssessmentError` where the dataset has not the fold that is to be left out; `CancellationError`.
    public func run(on dataset: Dataset, called name: String, by detector: Detector, _ runner: ModelRunner) async throws -> Outcome {
        if let leftOutFold, !dataset.folds.values.contains(leftOutFold) {
            throw AssessmentError(.wrongUse, about: name, "there is no fold \(leftOutFold)")
        }
        let images = dataset.images.filter { image in
            !BoxProposals.unboxed(image, in: dataset).isEmpty && (leftOutFold == nil || dataset.fold(of: image) != leftOutFold)
        }
        let (answers, failed) = try await runner.answers(of: detector, on: images, of: dataset)
        let found = Dictionary(answers.map { ($0.image.id, $0.detections) }) { _, last in last }
        let (result, counts) = proposals(dataset, detections: found)
        return Outcome(dataset: result, counts: counts, images: images.count, failed: failed)
    }
}
