import Findings
import Geometry
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
        // A place's box, worked out once for all its findings; `nil` where nothing of it is on the image.
        var (known, visible) = (-1, Box?.none)
        for (index, score) in scores.enumerated() where !(Double(score) < threshold) {
            let place = index / classCount * 4
            guard score.isFinite else { throw Self.notANumber }
            if place != known {
                (known, visible) = (place, try box(at: place, transform, width: imageWidth, height: imageHeight))
            }
            guard let visible else { continue }
            detections.append(Detection(box: visible, classIndex: index % classCount, score: Double(score)))
        }
        return detections
    }

    /// - Returns: In pixels of the image, cut at its edges; `nil` where nothing of it is inside.
    private func box(at place: Int, _ transform: LetterboxTransform, width: Int, height: Int) throws(ModelError) -> Box? {
        let (x0, y0, x1, y1) = (boxes[place], boxes[place + 1], boxes[place + 2], boxes[place + 3])
        guard x0.isFinite, y0.isFinite, x1.isFinite, y1.isFinite else { throw Self.notANumber }
        let box = transform.boxInImage(Box(x0: Double(x0), y0: Double(y0), x1: Double(x1), y1: Double(y1)))
        let visible = box.clipped(toWidth: Double(width), height: Double(height))
        return visible.isEmpty ? nil : visible
    }

    private static var notANumber: ModelError { ModelError(.output, "the network gave a value that is not a number") }
}
