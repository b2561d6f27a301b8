import Findings
import Foundation
import Radiographs

/// Adds up what the beam passes and exposes the picture.
struct PhantomExposure {
    let anatomy: PhantomAnatomy
    /// 1 in the lungs, [side, side].
    let lungs: PhantomField
    let lesions: [PlacedLesion]

    /// 12 bits, dense is white.
    func picture(_ random: inout SeededGenerator) -> PixelImage {
        let size = lungs.side
        let bones = anatomy.skeleton(side: size, &random)
        let vessels = anatomy.vessels(side: size, &random)
        let tissue = PhantomNoise(cells: 9, &random)
        let grain = PhantomNoise(cells: 70, &random)
        let bubble = (x: anatomy.middle + Float(random.uniform(0.13...0.18)), y: anatomy.domes.right + Float(random.uniform(0.055...0.075)))
        var total = PhantomField(side: size)
        var row: (y: Float, half: Float) = (-1, 0)
        total.fill { x, y in
            if row.y != y { row = (y, anatomy.bodyHalfWidth(y)) }
            let share = (x - anatomy.middle) / row.half
            guard abs(share) < 1 else { return 0 }
            let thickness = (1 - share * share).squareRoot()
            // Belly is thicker than chest, the shoulders' muscle in between; the soft edge is skin.
            let depth = 0.5 + 0.12 * smoothStep(0.6, 0.8, y) - 0.06 * smoothStep(0.35, 0.15, y)
            let (dx, dy) = ((x - bubble.x) / 0.06, (y - bubble.y) / 0.032)
            let gas = 1 - smoothStep(0.6, 1.1, dx * dx + dy * dy)
            let trachea = (1 - smoothStep(0.012, 0.02, abs(x - anatomy.middle + 0.004))) * (1 - smoothStep(0.3, 0.36, y))
            return depth * thickness * (1 + 0.05 * tissue(x, y)) - 0.13 * gas - 0.075 * trachea * smoothStep(0, 0.05, y)
        }
        let heart = density { anatomy.heartShadow($0, $1) }
        let great = density { anatomy.greatVessels($0, $1) }
        add(to: &total, bones: bones, vessels: vessels, heart: heart, great: great, grain: grain)
        return expose(total, &random)
    }

    private func density(_ value: (Float, Float) -> Float) -> PhantomField {
        var field = PhantomField(side: lungs.side)
        field.fill(value)
        return field
    }

    private func add(
        to total: inout PhantomField, bones: PhantomField, vessels: PhantomField, heart: PhantomField, great: PhantomField,
        grain: PhantomNoise
    ) {
        let size = lungs.side
        // What the lesions change of the lung: density added, share of its vessels left.
        var added = PhantomField(side: size)
        var left = PhantomField(side: size)
        left.values.withUnsafeMutableBufferPointer { left in
            for index in 0..<left.count { left[index] = 1 }
            added.values.withUnsafeMutableBufferPointer { added in
                for lesion in lesions {
                    lesion.weight.values.withUnsafeBufferPointer { weight in
                        for index in 0..<weight.count where weight[index] > 0 {
                            added[index] += lesion.density * weight[index]
                            left[index] *= 1 - (1 - lesion.vesselsLeft) * weight[index]
                            // The edge of a collapsed lung is a thin bright line.
                            if lesion.lesion == .pneumothorax {
                                let edge = 1 - abs(weight[index] - 0.45) / 0.45
                                added[index] += max(0, edge) * 0.09
                            }
                        }
                    }
                }
            }
        }
        total.values.withUnsafeMutableBufferPointer { total in
            for row in 0..<size {
                for column in 0..<size {
                    let index = row * size + column
                    guard total[index] > 0 else { continue }
                    let (heart, great) = (heart.values[index], great.values[index])
                    let air = lungs.values[index] * (1 - 0.86 * heart) * (1 - 0.75 * great)
                    let (x, y) = (Float(column) / Float(size), Float(row) / Float(size))
                    let parenchyma = left.values[index] * (vessels.values[index] + 0.012 * grain(x, y))
                    total[index] += bones.values[index] * min(1, total[index] * 4)
                    total[index] += air * (parenchyma - 0.335) + lungs.values[index] * added.values[index] * (1 - 0.6 * heart)
                    total[index] += 0.035 * heart + 0.03 * great
                }
            }
        }
    }

    /// Detector response, exposure and quantum noise.
    private func expose(_ total: PhantomField, _ random: inout SeededGenerator) -> PixelImage {
        let gain = Float(random.uniform(1.18...1.42))
        let offset = Float(random.uniform(0.02...0.06))
        let noise = Float(random.uniform(0.004...0.011))
        let samples = total.values.withUnsafeBufferPointer { source in
            [UInt16](unsafeUninitializedCapacity: source.count) { target, count in
                for index in 0..<source.count {
                    let value = max(0, source[index]) * gain
                    // Dense parts are compressed, as a film's shoulder does.
                    let shown = offset + value / (1 + 0.28 * value * value)
                    // Four uniform numbers out of one draw, near enough to a normal one (variance 1/3).
                    let bits = random.next()
                    let sum = Float(bits & 0xFFFF) + Float(bits >> 16 & 0xFFFF) + Float(bits >> 32 & 0xFFFF) + Float(bits >> 48)
                    let normal = (sum / 65_535 - 2) * 1.732
                    target[index] = UInt16(max(0, min(4_095, (shown + noise * normal * (0.5 + shown)) * 4_095)))
                }
                count = source.count
            }
        }
        return PixelImage(width: total.side, height: total.side, bits: 12, samples: samples)
    }
}
