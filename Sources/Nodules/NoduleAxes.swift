import Foundation
import Volumes

/// Long and short axis of a flat shape (Lung-RADS 2022: on one plane, the short one across the long one).
public struct NoduleAxes: Hashable, Sendable {
    /// Millimetres.
    public var long: Double
    public var short: Double
    /// The slice of the mask on which they lie.
    public var slice: Int

    /// On the slice with the largest area; `nil` of an empty mask.
    ///
    /// The outline runs through the middle between a voxel inside and its neighbour outside; its convex hull has the axes.
    public init?(_ mask: VolumeMask) {
        let geometry = mask.geometry
        var best = (slice: -1, area: 0)
        for slice in 0..<geometry.depth {
            let start = slice * geometry.width * geometry.height
            let area = mask.values[start..<(start + geometry.width * geometry.height)].reduce(0) { $0 + ($1 == 0 ? 0 : 1) }
            if area > best.area { best = (slice, area) }
        }
        guard best.slice >= 0 else { return nil }
        let hull = ConvexHull.of(Self.outline(mask, best.slice))
        let (long, way) = Self.longest(hull)
        let across = hull.map { $0.x * -way.y + $0.y * way.x }
        (self.long, slice) = (long, best.slice)
        short = (across.max() ?? 0) - (across.min() ?? 0)
    }

    /// Mean of both.
    public var mean: Double { (long + short) / 2 }

    private static func outline(_ mask: VolumeMask, _ slice: Int) -> [SIMD2<Double>] {
        let (geometry, spacing) = (mask.geometry, mask.geometry.spacing)
        func isInside(_ column: Int, _ row: Int) -> Bool {
            column >= 0 && row >= 0 && column < geometry.width && row < geometry.height && mask[column, row, slice] != 0
        }
        var points: [SIMD2<Double>] = []
        for row in 0..<geometry.height {
            for column in 0..<geometry.width where isInside(column, row) {
                for (x, y) in [(1, 0), (-1, 0), (0, 1), (0, -1)] where !isInside(column + x, row + y) {
                    points.append(
                        SIMD2((Double(column) + Double(x) / 2) * spacing.x, (Double(row) + Double(y) / 2) * spacing.y))
                }
            }
        }
        return points
    }

    private static func longest(_ hull: [SIMD2<Double>]) -> (Double, SIMD2<Double>) {
        var best = (0.0, SIMD2<Double>(1, 0))
        for (index, a) in hull.enumerated() {
            for b in hull[(index + 1)...] {
                let length = ((a - b) * (a - b)).sum().squareRoot()
                if length > best.0 { best = (length, (a - b) / length) }
            }
        }
        return best
    }
}

/// Andrew's monotone chain (Inform Process Lett 1979).
enum ConvexHull {
    static func of(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
        let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        guard sorted.count > 2 else { return sorted }
        func half(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
            var hull: [SIMD2<Double>] = []
            for point in points {
                while hull.count > 1 {
                    let (a, b) = (hull[hull.count - 1] - hull[hull.count - 2], point - hull[hull.count - 2])
                    guard a.x * b.y - a.y * b.x <= 0 else { break }
                    hull.removeLast()
                }
                hull.append(point)
            }
            return hull
        }
        return half(sorted).dropLast() + half(sorted.reversed()).dropLast()
    }
}
