import Basics
import Foundation

/// An axial slice of a head by magnetic resonance, mostly with a lesion in the brain.
///
/// Grey has no unit in MR: every picture has a gain of its own, and the coil makes one side brighter. Noise is the length of a complex number, so
/// air is never quite black (Rice's law: Gudbjartsson and Patz, Magn Reson Med 1995).
struct PhantomSlice {
    private let centre: SIMD2<Float>
    private let half: SIMD2<Float>
    private let angle: Float
    private let gain: Float
    private let bias: SIMD2<Float>
    private let folds: PhantomNoise
    private let fine: PhantomNoise
    private let noise: Float

    init(_ random: inout SeededGenerator) {
        centre = SIMD2(Float(random.uniform(0.47...0.53)), Float(random.uniform(0.47...0.53)))
        half = SIMD2(Float(random.uniform(0.29...0.35)), Float(random.uniform(0.36...0.43)))
        angle = Float(random.uniform(-0.12...0.12))
        gain = Float(random.uniform(0.35...0.9))
        bias = SIMD2(Float(random.uniform(-0.25...0.25)), Float(random.uniform(-0.25...0.25)))
        folds = PhantomNoise(cell: 0.05, width: 1, &random)
        fine = PhantomNoise(cell: 0.015, width: 1, &random)
        noise = Float(random.uniform(0.01...0.025))
    }

    /// - Parameter count: Lesions, 0 to 2.
    func scene(side: Int, count: Int, _ random: inout SeededGenerator) -> DrawnScene {
        var lesions: [(centre: SIMD2<Float>, size: Float, shape: Float, contrast: Float)] = []
        for _ in 0..<count * 20 where lesions.count < count {
            let (turn, way) = (Float(random.uniform(0...2 * .pi)), Float(random.uniform(0.35...0.72)))
            let place = SIMD2(centre.x + way * half.x * cos(turn), centre.y + way * half.y * sin(turn))
            let size = Float(random.uniform(0.028...0.065))
            let isApart = lesions.allSatisfy { (($0.centre - place) * ($0.centre - place)).sum().squareRoot() > 0.2 }
            if isApart { lesions.append((place, size, Float(random.uniform(0.75...1.25)), Float(random.uniform(0.3...0.5)))) }
        }
        let knobs = (0..<2).map { _ in Float(random.uniform(0...2 * .pi)) }
        var grain = random
        _ = random.next()
        let (sine, cosine) = (sin(angle), cos(angle))
        var scene = DrawnScene(side: side)
        scene.fill { x, y in
            let offset = SIMD2(x - centre.x, y - centre.y)
            let turned = SIMD2(offset.x * cosine + offset.y * sine, -offset.x * sine + offset.y * cosine) / half
            let radius = (turned * turned).sum().squareRoot()
            var signal: Float = 0
            if radius < 0.86 {
                // Grey matter in folds at the rim, white within, and the ventricles' fluid in the middle.
                let rim = min(1, max(0, (radius - 0.6) * 5 + folds(x, y)))
                signal = 0.44 + 0.12 * rim + 0.03 * fine(x, y)
                let horn = SIMD2((abs(turned.x) - 0.13) / 0.1, (turned.y + 0.02) / 0.32)
                if (horn * horn).sum() < 1 { signal = 0.13 }
                for lesion in lesions {
                    let distance = (SIMD2(x, y) - lesion.centre) / SIMD2(lesion.size, lesion.size * lesion.shape)
                    let turn = atan2(distance.y, distance.x)
                    let outline = 1 + 0.08 * sin(3 * turn + knobs[0]) + 0.06 * sin(5 * turn + knobs[1])
                    let inside = (distance * distance).sum().squareRoot() / outline
                    signal += lesion.contrast * min(1, max(0, (1 - inside) * 5))
                }
            } else if radius < 0.9 {
                signal = 0.1
            } else if radius < 0.95 {
                signal = 0.05
            } else if radius < 1.02 {
                signal = 0.75
            }
            signal *= gain * (1 + bias.x * offset.x * 2 + bias.y * offset.y * 2)
            let (real, imaginary) = (signal + noise * Float(grain.uniform(-1.7...1.7)), noise * Float(grain.uniform(-1.7...1.7)))
            return min(1, (real * real + imaginary * imaginary).squareRoot())
        }
        for lesion in lesions {
            let reach = SIMD2(lesion.size, lesion.size * lesion.shape)
            scene.mark([lesion.centre - reach, lesion.centre + reach], margin: 0.004)
        }
        return scene
    }
}
