/// Where the clavicles' inner ends lie beside the midline: what tells a rotated chest. In pixels of the grid.
package struct ClavicleEnds: Hashable, Sendable {
    /// A mask of so few pixels has no end.
    private static let leastArea = 4

    /// From the right clavicle's inner end to the midline at its height; below 0 where it lies past it.
    package let rightDistance: Double
    /// From the midline to the left clavicle's inner end.
    package let leftDistance: Double
    /// The midline at the mean height of both ends.
    package let midline: Double

    /// `nil` where a clavicle is missing, or the two ends lie in the same place.
    package init?(_ masks: AnatomyMasks) {
        guard let midline = Midline(masks), masks.rightClavicle.area >= Self.leastArea, masks.leftClavicle.area >= Self.leastArea,
            let right = Self.end(masks.rightClavicle, isRightmost: true), let left = Self.end(masks.leftClavicle, isRightmost: false)
        else { return nil }
        rightDistance = midline.x(at: right.y) - right.x
        leftDistance = left.x - midline.x(at: left.y)
        self.midline = midline.x(at: (right.y + left.y) / 2)
        guard rightDistance + leftDistance > 1 else { return nil }
    }

    /// |d_R - d_L| / (d_R + d_L).
    package var rotation: Double { abs(rightDistance - leftDistance) / (rightDistance + leftDistance) }

    /// The inner end of the right clavicle is its rightmost pixel, of the left one its leftmost.
    private static func end(_ mask: AnatomyMask, isRightmost: Bool) -> (x: Double, y: Double)? {
        var best: (x: Double, y: Double)?
        for row in mask.rows ?? 0...0 {
            guard let columns = mask.columns(row: row) else { continue }
            let x = isRightmost ? Double(columns.upperBound) + 1 : Double(columns.lowerBound)
            if best.map({ isRightmost ? x > $0.x : x < $0.x }) ?? true { best = (x, Double(row) + 0.5) }
        }
        return best
    }
}
