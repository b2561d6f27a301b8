import Basics
import Foundation

/// The shaft of a long bone in soft tissue, seen by X-rays, mostly with a fracture line across it.
///
/// The bone is a tube: what X-rays lose in it is the chord through its shell, so the cortex is bright at both edges. The line is a thin dark
/// crack with small steps; the part below it may be moved a little to a side.
struct PhantomBone {
    private let angle: Float
    private let centre: SIMD2<Float>
    private let halfWidth: Float
    private let flare: Float
    private let marrow: Float
    private let tissue: Float
    private let texture: PhantomNoise
    private let muscle: PhantomNoise
    private let noise: Float

    init(_ random: inout SeededGenerator) {
        angle = Float(random.uniform(-0.45...0.45))
        centre = SIMD2(Float(random.uniform(0.4...0.6)), 0.5)
        halfWidth = Float(random.uniform(0.075...0.12))
        flare = Float(random.uniform(0.2...1.2))
        marrow = Float(random.uniform(0.5...0.68))
        tissue = Float(random.uniform(0.16...0.28))
        texture = PhantomNoise(cell: 0.012, width: 1, &random)
        muscle = PhantomNoise(cell: 0.18, width: 1, &random)
        noise = Float(random.uniform(0.008...0.02))
    }

    /// - Parameter hasFracture: Whether there is a line to be found.
    func scene(side: Int, hasFracture: Bool, _ random: inout SeededGenerator) -> DrawnScene {
        // Along the bone t and across it s, in shares of the side.
        let (sine, cosine) = (sin(angle), cos(angle))
        let place = Float(random.uniform(-0.28...0.28))
        let slope = Float(random.uniform(-0.7...0.7))
        let half = Float(random.uniform(0.0035...0.007))
        let shift = Float(random.uniform(-0.018...0.018))
        let depth = Float(random.uniform(0.45...0.75))
        let steps = PhantomNoise(cell: 0.02, width: 1, &random)
        func line(_ s: Float) -> Float { place + slope * s + 0.012 * steps(s + 0.5, 0.5) }
        func width(_ t: Float) -> Float { halfWidth * (1 + flare * 8 * abs(t) * t * t) }
        var grain = random
        _ = random.next()
        var scene = DrawnScene(side: side)
        scene.fill { x, y in
            let (dx, dy) = (x - centre.x, y - centre.y)
            var (s, t) = (dx * cosine + dy * sine, -dx * sine + dy * cosine)
            // Muscles around, air at the picture's sides.
            let limb = max(0, 1 - (s / (halfWidth * 3.2)) * (s / (halfWidth * 3.2)))
            var grey = tissue * limb.squareRoot() * (1 + 0.25 * muscle(x, y))
            let crack = t - line(s)
            if hasFracture, crack > 0 { s -= shift }
            t = min(0.7, max(-0.7, t))
            let outer = width(t)
            let (u, inner) = (s / outer, Float(0.62))
            if abs(u) < 1 {
                let shell = (1 - u * u).squareRoot() - max(0, inner * inner - u * u).squareRoot()
                var bone = marrow * (0.45 * (1 - u * u).squareRoot() + 0.9 * shell) * (1 + 0.09 * texture(x, y))
                if hasFracture { bone *= 1 - depth * exp(-(crack / half) * (crack / half)) }
                grey += bone
            }
            return min(1, max(0, grey + noise * Float(grain.uniform(-1.7...1.7))))
        }
        guard hasFracture else { return scene }
        let edge = width(line(0))
        let ends = stride(from: -edge, through: edge, by: edge / 8).map { s in
            let t = line(s)
            return SIMD2(centre.x + s * cosine - t * sine, centre.y + s * sine + t * cosine)
        }
        scene.mark(ends, margin: 0.015)
        return scene
    }
}
