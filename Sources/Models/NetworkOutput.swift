import Findings
import Radiographs

/// A detector's raw outputs for one image.
public struct NetworkOutput: Sendable {
    /// [A * 4], x0, y0, x1, y1 in pixels of the input.
    public var boxes: [Float]
    /// [A * C].
    public var scores: [Float]
    /// [C], of the whole image; `nil` where the network does not say them.
    public var imageScores: [Float]?

    public init(boxes: [Float], scores: [Float], imageScores: [Float]? = nil) {
        self.boxes = boxes
        self.scores = scores
        self.imageScores = imageScores
    }

    /// Every place and finding with a score of at least `threshold`, in pixels of the original image, cut at its edges; not yet suppressed.
    /// - Throws: `ModelError` where a score or the box of a scored place is not a number.
    public func detections(
        classCount: Int, threshold: Double, transform: LetterboxTransform, imageWidth: Int, imageHeight: Int
    ) throws(ModelError) -> [Detection] {
        guard classCount > 0, scores.count / classCount * 4 == boxes.count else {
            throw ModelError(.output, "the network gave \(boxes.count) box edges for \(scores.count) scores")
        }
        var detections: [Detection] = []
        for (index, score) in scores.enumerated() where !(Double(score) < threshold) {
            let place = index / classCount * 4
            let corners = boxes[place..<place + 4]
            guard score.isFinite, corners.allSatisfy(\.isFinite) else {
                throw ModelError(.output, "the network gave a value that is not a number")
            }
            let box = transform.boxInImage(
                Box(x0: Double(boxes[place]), y0: Double(boxes[place + 1]), x1: Double(boxes[place + 2]), y1: Double(boxes[place + 3])))
            let visible = box.clipped(toWidth: Double(imageWidth), height: Double(imageHeight))
            guard !visible.isEmpty else { continue }
            detections.append(Detection(box: visible, classIndex: index % classCount, score: Double(score)))
        }
        return detections
    }
}
