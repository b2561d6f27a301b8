/// The line halfway between the lungs' inner borders: x = offset + slope · y, in pixels of the grid, by least squares over the rows that both
/// lungs have.
package struct Midline: Hashable, Sendable {
    package let offset: Double
    package let slope: Double

    /// `nil` where no row has both lungs.
    package init?(_ masks: AnatomyMasks) {
        var points: [(y: Double, x: Double)] = []
        for row in 0..<masks.side {
            guard let right = masks.rightLung.columns(row: row), let left = masks.leftLung.columns(row: row) else { continue }
            points.append((Double(row) + 0.5, Double(right.upperBound + 1 + left.lowerBound) / 2))
        }
        guard !points.isEmpty else { return nil }
        let count = Double(points.count)
        let (meanY, meanX) = (points.reduce(0) { $0 + $1.y } / count, points.reduce(0) { $0 + $1.x } / count)
        let across = points.reduce(0) { $0 + ($1.y - meanY) * ($1.x - meanX) }
        let along = points.reduce(0) { $0 + ($1.y - meanY) * ($1.y - meanY) }
        // A heart that lies on one side bends the line; a body is not turned by more than some degrees.
        slope = along > 0 ? max(-0.2, min(0.2, across / along)) : 0
        offset = meanX - slope * meanY
    }

    package func x(at y: Double) -> Double { offset + slope * y }
}
