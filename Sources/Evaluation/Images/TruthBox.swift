import Findings
import Geometry

/// A box that a reader drew, as the figures see it.
public struct TruthBox: Hashable, Sendable {
    /// In pixels of the original image.
    public var box: Box
    /// Position of the class in the label map's `classes`, from 0, as in `Detection`.
    public var classIndex: Int
    /// COCO's `iscrowd`: a region whose single findings were not drawn. It need not be found, and a detection that lies in it (by
    /// intersection over the detection's own area) is neither right nor wrong.
    public var isCrowd: Bool
    /// In square pixels, by which COCO calls a box small, medium or large: that of the box, unless the annotation says its own (the
    /// area of its outline).
    public var area: Double

    public init(box: Box, classIndex: Int, isCrowd: Bool = false, area: Double? = nil) {
        self.box = box
        self.classIndex = classIndex
        self.isCrowd = isCrowd
        self.area = area ?? box.width * box.height
    }
}
