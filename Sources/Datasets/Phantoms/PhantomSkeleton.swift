import Findings
import Foundation

extension PhantomAnatomy {
    /// Spine, ribs and clavicles, as what they add to the picture.
    func skeleton(side size: Int, _ random: inout SeededGenerator) -> PhantomField {
        var bones = PhantomField(side: size)
        let vertebra = Float(random.uniform(0.05...0.06))
        bones.fill { x, y in
            let distance = abs(x - middle)
            guard distance < 0.06 else { return 0 }
            let column = 1 - smoothStep(0.03, 0.045, distance)
            // Discs are darker than bodies; the spinous processes are a bright line.
            let phase = (y / vertebra) - (y / vertebra).rounded(.down)
            let disc = smoothStep(0.0, 0.12, phase) * (1 - smoothStep(0.88, 1, phase))
            let process = (1 - smoothStep(0.004, 0.009, distance)) * smoothStep(0.3, 0.5, phase)
            return column * (0.05 + 0.035 * disc) + 0.03 * process
        }
        // A rib is a tube: its rim is dense, its middle less.
        let cortex = { (place: Float) -> Float in (0.55 + 0.45 * place * place * place * place) * (1 - smoothStep(0.86, 1, abs(place))) }
        for rib in 0..<10 {
            let top = ribStart + Float(rib) * ribStep
            let reach = min(cavity * 1.06, outerEdge(max(apex + 0.012, top + 0.02)) * 1.06 + 0.012)
            for side in [Float(-1), 1] {
                let tilt = Float(random.uniform(-0.006...0.006))
                let start = side < 0 ? middle - reach : middle + 0.035
                let end = side < 0 ? middle - 0.035 : middle + reach
                bones.addBand(columns: start...end) { x in
                    let distance = abs(x - middle) / max(reach, 0.05)
                    // Out from the spine a little upwards, then down along the wall.
                    let y = top - 0.02 * distance + 0.1 * Foundation.pow(distance, 3.2) + tilt * distance
                    return (y, 0.0125 + 0.002 * distance)
                } profile: { place in
                    0.075 * cortex(place)
                }
            }
            guard (1..<8).contains(rib) else { continue }
            // The front part comes back, lower and fainter, and ends in cartilage.
            for side in [Float(-1), 1] {
                let inner = cavity * Float(random.uniform(0.36...0.46))
                let start = side < 0 ? middle - reach : middle + inner
                let end = side < 0 ? middle - inner : middle + reach
                bones.addBand(columns: start...end) { x in
                    let distance = abs(x - middle) / max(reach, 0.05)
                    let y = top + 0.085 + 0.1 * (1 - distance) + 0.02 * (distance - 0.5) * (distance - 0.5)
                    return (y, 0.013 * smoothStep(0, 0.03, abs(x - middle) - inner) + 0.003)
                } profile: { place in
                    0.045 * cortex(place)
                }
            }
        }
        for side in [Float(-1), 1] {
            let start = side < 0 ? middle - 0.4 : middle + 0.05
            let end = side < 0 ? middle - 0.05 : middle + 0.4
            bones.addBand(columns: start...end) { x in
                let distance = abs(x - middle) / 0.4
                // An S: the inner half arches forward, the outer half back.
                let y = shoulder + 0.015 - 0.085 * distance + 0.016 * Foundation.sin(distance * 6)
                return (y, 0.0135 + 0.005 * (1 - distance) * (1 - distance))
            } profile: { place in
                0.1 * cortex(place)
            }
        }
        return bones
    }

    /// Vessels of the lungs: from each hilum outwards, branching and thinning, as what they add.
    func vessels(side size: Int, _ random: inout SeededGenerator) -> PhantomField {
        var field = PhantomField(side: size)
        for side in [Double(-1), 1] {
            let hilum = (x: Double(middle) + side * 0.085, y: 0.44 + (side > 0 ? -0.015 : 0.01))
            for _ in 0..<16 {
                branch(
                    &field, x: hilum.x, y: hilum.y + random.uniform(-0.05...0.05), direction: random.uniform(-1.35...1.35), outwards: side,
                    radius: random.uniform(0.0055...0.009), generation: 0, &random)
            }
        }
        return field
    }

    private func branch(
        _ field: inout PhantomField, x: Double, y: Double, direction: Double, outwards: Double, radius: Double, generation: Int,
        _ random: inout SeededGenerator
    ) {
        var (x, y, direction, radius) = (x, y, direction, radius)
        let steps = Int(random.uniform(14...30))
        for _ in 0..<steps {
            field.addSpot(x: Float(x), y: Float(y), radius: Float(radius * 0.7), value: Float(0.018 + radius * 3.2) * 0.5)
            direction += random.uniform(-0.09...0.09)
            x += Foundation.cos(direction) * outwards * radius * 0.62
            y += Foundation.sin(direction) * radius * 0.62
            radius = max(0.0014, radius * 0.985)
        }
        guard generation < 5, radius > 0.0015 else { return }
        for turn in [-1.0, 1.0] {
            branch(
                &field, x: x, y: y, direction: direction + turn * random.uniform(0.2...0.55), outwards: outwards,
                radius: radius * random.uniform(0.66...0.82), generation: generation + 1, &random)
        }
    }
}
