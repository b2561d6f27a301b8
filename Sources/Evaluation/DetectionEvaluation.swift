import Basics
import Findings

/// How good a detector is on images whose truth is known. Boxes are matched once, when it is made; every figure is a sum over the
/// matches, and with `weights` (how often each image was drawn, in the order of `images`) the same figure of a draw of the bootstrap:
///
///     let evaluation = DetectionEvaluation(images: images, classCount: classes.count)
///     evaluation.coco.averagePrecision50.value
///     evaluation.averagePrecision(class: 3, iou: 0.5, weights: draw)
///
/// An image drawn twice is there twice, its copies side by side; only where scores of one class are equal on one image do copies differ
/// from weights, by the order of the equal ones.
///
/// A figure of a class without truth is absent (`nil`), never zero, and a mean over classes says over how many.
public struct DetectionEvaluation: Sendable {
    public let images: [EvaluatedImage]
    /// How many classes the label map has.
    public let classCount: Int
    /// Boxes, drawn or detected, that cannot be scored: with a score or an edge that is not a finite number, or of a class outside
    /// `0..<classCount`. They count for nothing; `PredictionCheck` names them.
    public let leftOut: Int
    let classes: [ClassMatches]

    /// - Parameters:
    ///   - images: In the order in which equal scores of two images are taken; pycocotools' is that of the image ids.
    ///   - classCount: How many classes the label map has.
    /// - Complexity: O(n) in the boxes, and the pairs of a detection and a truth box of its class and image.
    public init(images: [EvaluatedImage], classCount: Int) {
        let count = max(0, classCount)
        self.images = images
        self.classCount = count
        let columns = ClassColumns(images, classCount: count)
        leftOut = columns.leftOut
        // Threads cost more than they save where there is little to match.
        let isSmall = columns.detections.score.count < 2_000
        classes = Concurrent.map(count, stretch: 1, serially: isSmall) {
            ClassMatches(columns, classIndex: $0, imageCount: images.count)
        }
    }

    /// How many boxes of the class must be found, crowds left out; zero for a class that is not there.
    public func truthCount(class index: Int, weights: [Int]? = nil) -> Int {
        matches(of: index)?.positives(.all, self.weights(weights)) ?? 0
    }

    func matches(of index: Int) -> ClassMatches? { classes.indices.contains(index) ? classes[index] : nil }
    func weights(_ weights: [Int]?) -> ImageWeights { ImageWeights(weights, count: images.count) }

    /// A draw is scored on one thread (its neighbours are scored beside it) unless there is much to sum.
    var isQuicklySummed: Bool { classes.reduce(0) { $0 + $1.score.count } < 200_000 }
}
