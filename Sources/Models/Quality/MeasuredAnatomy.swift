import Findings
import Geometry

/// What a segmentation of an upright frontal chest gives, as far as the quality of the image depends on it. Places are in pixels of the original image.
/// `nil` where a structure was not found, or its mask is not to be trusted.
public protocol MeasuredAnatomy: Sendable {
    /// Around the patient's right lung, on the image's left.
    var rightLung: Box? { get }
    var leftLung: Box? { get }
    /// Horizontal place of the end of each clavicle that is nearer to the midline: the patient's right one, then the left one.
    var medialClavicleEnds: (right: Double, left: Double)? { get }
    /// Horizontal place of the spinous processes, or what stands in their place.
    var midline: Double? { get }
    /// Share of the image's edge that runs through a lung, 0...1.
    var lungShareOfEdge: Double? { get }
}
