import Geometry

/// A box that a network is to learn.
public struct TrainingBox: Hashable, Sendable {
    /// The place. Which frame it is in (network input or original image) is the holder's to say.
    public var box: Box
    /// Position of the class in the label map's `classes`, from 0; the column of the network's `scores`.
    public var classIndex: Int
    /// How much it counts in the loss, 0...1: less than 1 where readers did not agree, or where pictures are mixed.
    public var weight: Double

    public init(box: Box, classIndex: Int, weight: Double = 1) {
        self.box = box
        self.classIndex = classIndex
        self.weight = weight
    }
}
