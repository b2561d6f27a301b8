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

/// What masks say of an image's quality. Limits are the literature's, as radiographers teach them, and not learnt.
public enum AnatomyQuality {
    /// |a - b| / (a + b) of the clavicles' distances from the midline.
    public static let mostRotation = 0.25
    /// Widths of the lungs, the wider over the narrower. An effusion does it too: it is told as "perhaps".
    public static let mostWidthRatio = 1.6
    /// Height of the lungs over their width together.
    public static let leastInspiration = 0.8
    /// Of the image's edge.
    public static let mostCutOff = 0.03

    /// What lies outside its limit; nothing of what was not measured.
    public static func record(of anatomy: some MeasuredAnatomy) -> [ImageQuality] {
        var record: [ImageQuality] = []
        if let midline = anatomy.midline, let ends = anatomy.medialClavicleEnds {
            let (right, left) = (abs(midline - ends.right), abs(ends.left - midline))
            let rotation = right + left > 0 ? abs(right - left) / (right + left) : 0
            if rotation > mostRotation { record.append(ImageQuality(.rotated, value: rotation, limit: mostRotation)) }
        }
        if let right = anatomy.rightLung, let left = anatomy.leftLung, !right.isEmpty, !left.isEmpty {
            let ratio = max(right.width, left.width) / min(right.width, left.width)
            if ratio > mostWidthRatio, !record.contains(where: { $0.code == .rotated }) {
                record.append(ImageQuality(.perhapsRotated, value: ratio, limit: mostWidthRatio))
            }
            let width = max(right.maxX, left.maxX) - min(right.x, left.x)
            let inspiration = max(right.height, left.height) / width
            if inspiration < leastInspiration {
                record.append(ImageQuality(.inspiration, value: inspiration, limit: leastInspiration))
            }
        }
        if let share = anatomy.lungShareOfEdge, share > mostCutOff {
            record.append(ImageQuality(.cutOff, value: share, limit: mostCutOff))
        }
        return record
    }
}
