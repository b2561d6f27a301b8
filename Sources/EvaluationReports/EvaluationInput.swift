import Datasets
import Evaluation
import Findings

/// Images of known truth, what a detector says of them, and what else a report needs to know.
public struct EvaluationInput: Sendable {
    public var findingClasses: [FindingClass]
    /// Those that are scored, by rising id.
    public var images: [DatasetImage]
    /// One list an image, in any order, down to low scores: every figure chooses its own threshold.
    public var detections: [[Detection]]
    /// One score a class for each image where the model says them of the whole image; `nil` where it does not.
    public var imageScores: [[Double]?]?
    /// What the scored images are called, such as `fold 0`.
    public var split: String
    /// What the controls learn from: images with their group. An image is never scored by what its own group taught. Where it is empty,
    /// the scored images themselves in four groups of patients.
    public var learningImages: [(image: DatasetImage, group: Int)]
    /// Another reader's boxes, to be scored as a detector's.
    public var secondReader: SecondReader?
    /// What is known of each finding on each image, where the images come from several sources; `nil` where all boxes are complete.
    public var coverage: SourceCoverage?
    /// The names of the sources, in their order.
    public var sources: [String] = []

    public init(
        findingClasses: [FindingClass], images: [DatasetImage], detections: [[Detection]], imageScores: [[Double]?]? = nil, split: String,
        learningImages: [(image: DatasetImage, group: Int)] = [], secondReader: SecondReader? = nil
    ) {
        self.findingClasses = findingClasses
        self.images = images
        self.detections = detections
        self.imageScores = imageScores
        self.split = split
        self.learningImages = learningImages
        self.secondReader = secondReader
    }
}
