import Findings
import Geometry

/// One reader's box on one image, or what several readers' boxes were merged into.
public struct Annotation: Hashable, Sendable {
    /// The id in the label map; 1 or greater.
    public var classID: Int
    /// In pixels of the image.
    public var box: Box
    /// Who drew it, as the source names them; `nil` where the source does not say.
    public var reader: String?
    /// How much of the readers agree, in 0...1, where boxes were merged; a training may weigh the box by it.
    public var agreement: Double?

    /// Readers draw over an image's edge: with no more of its area than this on the image, a box is none of the image's.
    package static let leastShareOnImage = 0.9

    public init(classID: Int, box: Box, reader: String? = nil, agreement: Double? = nil) {
        self.classID = classID
        self.box = box
        self.reader = reader
        self.agreement = agreement
    }
}
