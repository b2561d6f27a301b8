import Findings
import Foundation
import Geometry

extension Box {
    /// The smallest box around points in the same frame; `nil` without points or where one is not finite.
    package init?(around points: [(x: Double, y: Double)]) {
        let (xs, ys) = (points.map(\.x), points.map(\.y))
        guard let x0 = xs.min(), let x1 = xs.max(), let y0 = ys.min(), let y1 = ys.max(), (xs + ys).allSatisfy(\.isFinite) else {
            return nil
        }
        self.init(x0: x0, y0: y0, x1: x1, y1: y1)
    }

    /// The smallest upright box around this one turned about a point.
    /// - Parameters:
    ///   - degrees: Clockwise as it is seen, for y points down.
    ///   - pivot: In the frame of the box.
    func turned(byDegrees degrees: Double, about pivot: (x: Double, y: Double)) -> Box {
        let (sine, cosine) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
        let corners = [(x, y), (maxX, y), (x, maxY), (maxX, maxY)].map { corner in
            let (dx, dy) = (corner.0 - pivot.x, corner.1 - pivot.y)
            return (x: pivot.x + dx * cosine - dy * sine, y: pivot.y + dx * sine + dy * cosine)
        }
        return Box(around: corners) ?? self
    }
}
