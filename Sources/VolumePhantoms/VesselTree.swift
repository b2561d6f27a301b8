import Basics
import Foundation

/// Branches of a vessel or an airway: straight pieces, each thinner than the one before.
struct VesselTree: Sendable {
    struct Segment: Sendable {
        var start: SIMD3<Float>
        var end: SIMD3<Float>
        var radius: Float
    }

    var segments: [Segment] = []

    init(segments: [Segment]) { self.segments = segments }

    /// Grows towards all of a lung's tissue: a branch goes a part of the way to the middle of what it has to supply, then parts that in two
    /// (Tawhai et al., Ann Biomed Eng 2000). Radii obey Murray's law, r^3 = a^3 + b^3, by what each branch supplies.
    /// - Parameters:
    ///   - tissue: Places that are to be supplied.
    ///   - thinnest: Millimetres; thinner branches end.
    init(from start: SIMD3<Float>, to tissue: [SIMD3<Float>], radius: Float, thinnest: Float, _ random: inout SeededGenerator) {
        var tips = [(start, tissue, radius)]
        while let (place, points, radius) = tips.popLast() {
            guard points.count > 1, radius > thinnest else { continue }
            let middle = points.reduce(SIMD3<Float>.zero, +) / Float(points.count)
            let way = middle - place
            let length = (way * way).sum().squareRoot()
            guard length > 0.5 else { continue }
            let end = place + way * Float(random.uniform(0.38...0.5))
            segments.append(Segment(start: place, end: end, radius: radius))
            // Across the branch, where what it supplies reaches farthest.
            let direction = way / length
            var best: (spread: Float, axis: SIMD3<Float>) = (-1, SIMD3(1, 0, 0))
            for _ in 0..<5 {
                let aside = random.direction()
                var axis = aside - direction * (aside * direction).sum()
                axis /= max(1e-4, (axis * axis).sum().squareRoot())
                let spread = points.reduce(Float(0)) { sum, point in
                    let off = ((point - middle) * axis).sum()
                    return sum + off * off
                }
                if spread > best.spread { best = (spread, axis) }
            }
            let shift = Float(random.uniform(-0.25...0.25)) * (best.spread / Float(points.count)).squareRoot()
            let one = points.filter { (($0 - middle) * best.axis).sum() > shift }
            let other = points.filter { (($0 - middle) * best.axis).sum() <= shift }
            guard !one.isEmpty, !other.isEmpty else { continue }
            let share = Float(one.count) / Float(points.count)
            tips.append((end, one, radius * cbrtf(share)))
            tips.append((end, other, radius * cbrtf(1 - share)))
        }
    }

    /// Places spread evenly over a lung.
    static func tissue(_ count: Int, _ thorax: ThoraxShape, side: Int, _ random: inout SeededGenerator) -> [SIMD3<Float>] {
        var points: [SIMD3<Float>] = []
        points.reserveCapacity(count)
        for _ in 0..<count * 30 where points.count < count {
            let x = Float(random.uniform(20...145))
            let point = SIMD3<Float>(
                side == 0 ? -x : x, Float(random.uniform(-85...95)),
                Float(random.uniform(Double(thorax.extent.lowerBound)...Double(thorax.apex))))
            if thorax.depth(point, side: side) > 3 { points.append(point) }
        }
        return points
    }

    /// A piece before all others.
    mutating func lead(from start: SIMD3<Float>, to end: SIMD3<Float>, radius: Float) {
        segments.insert(Segment(start: start, end: end, radius: radius), at: 0)
    }
}
