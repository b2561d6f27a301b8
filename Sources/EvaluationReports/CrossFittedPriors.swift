import Evaluation
import Findings

/// The usual boxes of each class, learnt from other groups of patients than the image is of: from all but its own.
public struct CrossFittedPriors: Control {
    public let name: String
    private let priors: [Int: ClassPriorBoxes]
    private let groupOfImage: [String: Int]

    /// - Parameters:
    ///   - images: Those learnt from, with their group.
    ///   - groupOfImage: The group of each image that is asked about, by its id. Nothing is said of an image that is not there.
    public init(
        learntFrom images: [(image: EvaluatedImage, group: Int)], groupOfImage: [String: Int], classCount: Int, boxesPerClass: Int = 2,
        seed: UInt64 = 1
    ) {
        var priors: [Int: ClassPriorBoxes] = [:]
        for group in Set(groupOfImage.values) {
            priors[group] = ClassPriorBoxes(
                learntFrom: images.filter { $0.group != group }.map(\.image), classCount: classCount, boxesPerClass: boxesPerClass,
                seed: seed)
        }
        self.priors = priors
        self.groupOfImage = groupOfImage
        name = ClassPriorBoxes(learntFrom: [], classCount: 0, boxesPerClass: boxesPerClass).name
    }

    public func detections(on image: EvaluatedImage) -> [Detection] {
        groupOfImage[image.id].flatMap { priors[$0] }?.detections(on: image) ?? []
    }
}
