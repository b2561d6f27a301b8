import Basics
import Foundation

/// A ball with three ripples, cut off where the lung ends.
struct NoduleShape: Sendable {
    struct Ripple: Sendable {
        var axis: SIMD3<Float>
        var frequency: Float
        var phase: Float
        var height: Float
    }

    var centre: SIMD3<Float>
    /// Millimetres, before the ripples.
    var radius: Float
    var ripples: [Ripple]

    init(centre: SIMD3<Float>, radius: Float, _ random: inout SeededGenerator) {
        (self.centre, self.radius) = (centre, radius)
        ripples = (0..<3).map { _ in
            Ripple(
                axis: random.direction(), frequency: Float(random.uniform(1.5...3.5)), phase: Float(random.uniform(0...(2 * .pi))),
                height: Float(random.uniform(0.015...0.05)))
        }
    }

    /// No point of it is farther from the centre.
    var reach: Float { radius * ripples.reduce(1) { $0 + $1.height } }

    func contains(_ point: SIMD3<Float>, scale: Float = 1) -> Bool {
        let offset = point - centre
        let distance = (offset * offset).sum().squareRoot()
        let edge = radius * scale
        guard distance > edge * 0.8 else { return true }
        guard distance < edge * 1.2 else { return false }
        let direction = offset / max(distance, 1e-6)
        var factor: Float = 1
        for ripple in ripples { factor += ripple.height * sin(ripple.frequency * (direction * ripple.axis).sum() + ripple.phase) }
        return distance < edge * factor
    }

    /// Volume, centre and axes, by a fine grid of points.
    /// - Parameter isInside: Whether a point can belong to it at all.
    func measured(scale: Float = 1, isInside: (SIMD3<Float>) -> Bool) -> (
        volume: Double, centre: SIMD3<Double>, long: Double, short: Double
    ) {
        let step = max(0.1, radius * scale / 24)
        let count = Int((reach * scale / step).rounded(.up)) + 1
        var total = 0
        var sum = SIMD3<Double>.zero
        var best: [SIMD2<Double>] = []
        var bestCount = 0
        for k in -count...count {
            var edge: [SIMD2<Double>] = []
            var area = 0
            for j in -count...count {
                // Of a row only its ends can be ends of an axis.
                var first: SIMD2<Double>?
                var last: SIMD2<Double>?
                for i in -count...count {
                    let point = centre + SIMD3(Float(i), Float(j), Float(k)) * step
                    guard contains(point, scale: scale), isInside(point) else { continue }
                    area += 1
                    sum += SIMD3<Double>(point)
                    let place = SIMD2(Double(point.x), Double(point.y))
                    first = first ?? place
                    last = place
                }
                let half = Double(step) / 2
                if let first, let last { edge += [first - SIMD2(half, 0), last + SIMD2(half, 0)] }
            }
            total += area
            if area > bestCount { (bestCount, best) = (area, edge) }
        }
        guard total > 0 else { return (0, SIMD3<Double>(centre), 0, 0) }
        let (long, short) = Self.axes(best)
        return (Double(total) * pow(Double(step), 3), sum / Double(total), long, short)
    }

    /// The two points farthest apart, and the greatest way across them, each pair of points tried.
    private static func axes(_ points: [SIMD2<Double>]) -> (long: Double, short: Double) {
        var (long, way) = (0.0, SIMD2<Double>(1, 0))
        for (index, a) in points.enumerated() {
            for b in points[(index + 1)...] {
                let length = ((a - b) * (a - b)).sum().squareRoot()
                if length > long { (long, way) = (length, (a - b) / length) }
            }
        }
        let across = points.map { $0.x * -way.y + $0.y * way.x }
        return (long, (across.max() ?? 0) - (across.min() ?? 0))
    }
}

extension SeededGenerator {
    /// A unit vector, every direction as likely.
    mutating func direction() -> SIMD3<Float> {
        let z = uniform(-1...1)
        let turn = uniform(0...(2 * .pi))
        let flat = (1 - z * z).squareRoot()
        return SIMD3(Float(flat * cos(turn)), Float(flat * sin(turn)), Float(z))
    }
}
