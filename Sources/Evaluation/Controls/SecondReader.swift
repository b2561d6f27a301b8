import Findings

/// Another reader's boxes in place of a detector's: how well people agree with each other on these images.
public struct SecondReader: Control {
    public let name: String
    private let boxes: [String: [TruthBox]]

    /// - Parameters:
    ///   - name: As a report names the reader.
    ///   - boxes: By the image's id, with the classes of the label map that is scored. An image not there has none.
    public init(name: String, boxes: [String: [TruthBox]]) {
        self.name = name
        self.boxes = boxes
    }

    /// All with a score of 1: a reader does not say how sure. Crowds are left out.
    public func detections(on image: EvaluatedImage) -> [Detection] {
        (boxes[image.id] ?? []).filter { !$0.isCrowd }.map { Detection(box: $0.box, classIndex: $0.classIndex, score: 1) }
    }
}
