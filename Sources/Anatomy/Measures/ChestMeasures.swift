import Geometry

/// What the masks of a frontal chest say of how the image was taken, in pixels of the image that the network saw. Only of masks that passed
/// their checks.
public struct ChestMeasures: Sendable {
    /// Dice of a clavicle with that of the mirrored image, below which its end is not told. Clavicles are thin, so the limit is low.
    package static let clavicleAgreement = 0.7

    /// Around the patient's right lung, on the image's left.
    public let rightLung: Box?
    public let leftLung: Box?
    /// Horizontal place of the clavicles' inner ends, each as far from the midline as it lies at its own height; `nil` where a clavicle is
    /// not sure.
    public let medialClavicleEnds: (right: Double, left: Double)?
    /// Between the lungs, at the height of the clavicles.
    public let midline: Double?
    /// Share of the image's edge that runs through a lung, 0...1.
    public let lungShareOfEdge: Double?

    /// - Parameters:
    ///   - masks: Of which is told.
    ///   - readings: Of the image and of its mirror image, turned back.
    init(_ masks: AnatomyMasks, readings: (upright: AnatomyMasks, mirrored: AnatomyMasks)) {
        rightLung = Self.box(masks.rightLung, masks)
        leftLung = Self.box(masks.leftLung, masks)
        lungShareOfEdge = Self.edgeShare(masks)
        let agreement = min(
            readings.upright.rightClavicle.dice(readings.mirrored.rightClavicle),
            readings.upright.leftClavicle.dice(readings.mirrored.leftClavicle))
        guard agreement >= Self.clavicleAgreement, let ends = ClavicleEnds(masks) else {
            (medialClavicleEnds, midline) = (nil, nil)
            return
        }
        midline = masks.imageX(ends.midline)
        medialClavicleEnds = (masks.imageX(ends.midline - ends.rightDistance), masks.imageX(ends.midline + ends.leftDistance))
    }

    private static func box(_ mask: AnatomyMask, _ masks: AnatomyMasks) -> Box? {
        guard let rows = mask.rows else { return nil }
        let columns = rows.compactMap { mask.columns(row: $0) }
        guard let left = columns.map(\.lowerBound).min(), let right = columns.map(\.upperBound).max() else { return nil }
        return Box(
            x0: masks.imageX(Double(left)), y0: masks.imageY(Double(rows.lowerBound)), x1: masks.imageX(Double(right + 1)),
            y1: masks.imageY(Double(rows.upperBound + 1)))
    }

    /// The pixels of the image's first and last rows and columns that are lung.
    private static func edgeShare(_ masks: AnatomyMasks) -> Double? {
        let (columns, rows) = (masks.frame.columns, masks.frame.rows)
        guard let left = columns.first, let right = columns.last, let top = rows.first, let bottom = rows.last, left < right, top < bottom
        else { return nil }
        var edge: [Int] = []
        for column in columns { edge += [top * masks.side + column, bottom * masks.side + column] }
        for row in top + 1..<bottom { edge += [row * masks.side + left, row * masks.side + right] }
        let lung = edge.count { masks.rightLung.isInside[$0] || masks.leftLung.isInside[$0] }
        return Double(lung) / Double(edge.count)
    }
}
