import Geometry

/// What a detector says of one place before anything is decided: a box, a class and a score.
public struct Detection: Hashable, Sendable {
    /// The place. Which frame it is in (network input or original image) is the holder's to say.
    public var box: Box
    /// Position of the class in the label map's `classes`, from 0; the column of the network's `scores`.
    public var classIndex: Int
    /// The network's score in 0...1. Not a probability unless the model's card says it was calibrated.
    public var score: Double

    public init(box: Box, classIndex: Int, score: Double) {
        self.box = box
        self.classIndex = classIndex
        self.score = score
    }
}
