import Geometry

/// A box that a network is to learn.
public struct TrainingBox: Hashable, Sendable {
    /// The place. Which frame it is in (network input or original image) is the holder's to say.
    public var box: Box
    /// Position of the class in the label map's `classes`, from 0; the column of the network's `scores`.
    public var classIndex: Int
    /// How much it counts in the loss, 0...1: less than 1 where readers did not agree, or where pictures are mixed.
    public var weight: Double
    /// Positions of further classes that the box shows: those that its class is a kind of.
    public var furtherClasses: [Int]
    /// True where it is not known whether the classes are there: anchors in the box are neither positive nor negative for them.
    public var isUnknown: Bool
    /// True where a reader says that the classes are not there: anchors that would be matched to the box are negative for them, also where
    /// nothing else is known of the image.
    public var isAbsent: Bool

    public init(
        box: Box, classIndex: Int, weight: Double = 1, furtherClasses: [Int] = [], isUnknown: Bool = false, isAbsent: Bool = false
    ) {
        self.box = box
        self.classIndex = classIndex
        self.weight = weight
        self.furtherClasses = furtherClasses
        self.isUnknown = isUnknown
        self.isAbsent = isAbsent
    }

    /// Whether somebody says that the classes are there.
    public var isPresent: Bool { !isUnknown && !isAbsent }

    /// `classIndex` and `furtherClasses`.
    package var classes: [Int] { [classIndex] + furtherClasses }
}
