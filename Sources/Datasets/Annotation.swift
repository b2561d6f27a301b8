import Findings

/// One reader's box on one image.
public struct Annotation: Hashable, Sendable {
    /// The id in the label map; 1 or greater.
    public var classID: Int
    /// In pixels of the image.
    public var box: Box

    public init(classID: Int, box: Box) {
        self.classID = classID
        self.box = box
    }
}
