import Basics
import Foundation
import Geometry
import Radiographs

/// A chest in greys that `TinyAnatomy` knows: ellipses for lungs and heart, bars for clavicles, a body around them, air beside it.
///
/// Places are shares of the picture's sides. The heart's width over the chest's is `heartWidth / chestWidth`.
public struct DrawnChest: Sendable {
    /// Columns and rows.
    public var side = 512
    /// From the right lung's outer border to the left one's.
    public var chestWidth = 0.76
    /// From the top of the lungs to their bottom.
    public var lungTop = 0.16
    public var lungBottom = 0.80
    public var heartWidth = 0.38
    /// How far the heart's middle lies on the image's right of the midline.
    public var heartShift = 0.03
    /// Widths of the lungs, the patient's right and left, as a share of half of the chest.
    public var lungs = (right: 0.84, left: 0.84)
    /// How far the clavicles' inner ends lie from the midline.
    public var clavicleEnds = (right: 0.06, left: 0.06)
    /// Greys of the lungs; a white lung has another.
    public var lungGreys = (right: 0.2, left: 0.2)
    /// White bars, such as a device, laid over all else.
    public var devices: [Box] = []
    /// The part of the picture that shows air beside the body, on each side. `TinyAnatomy` takes the edge of air for lung: 0 for it.
    public var air = 0.03
    /// Deviations of the noise, as a share of the scale.
    public var noise = 0.0
    public var seed: UInt64 = 1

    public init() {}

    /// Of 8 bits.
    public var pixels: PixelImage {
        var random = SeededGenerator(seed: seed)
        var samples: [UInt16] = []
        samples.reserveCapacity(side * side)
        for row in 0..<side {
            for column in 0..<side {
                let (x, y) = ((Double(column) + 0.5) / Double(side), (Double(row) + 0.5) / Double(side))
                let grey = grey(x, y) + (noise > 0 ? noise * random.uniform(-1...1) : 0)
                samples.append(UInt16((max(0, min(1, grey)) * 255).rounded()))
            }
        }
        return PixelImage(width: side, height: side, bits: 8, samples: samples)
    }

    private func grey(_ x: Double, _ y: Double) -> Double {
        if devices.contains(where: { x >= $0.x && x < $0.maxX && y >= $0.y && y < $0.maxY }) { return 1 }
        // Clavicles: bars that rise a little towards the shoulders.
        let top = lungTop + 0.02
        for (isRight, end) in [(true, clavicleEnds.right), (false, clavicleEnds.left)] {
            let distance = isRight ? 0.5 - x : x - 0.5
            if distance >= end, distance < end + 0.24, abs(y - (top - 0.1 * (distance - end))) < 0.014 { return 1 }
        }
        let heart = ellipse(x, y, 0.5 + heartShift, lungBottom - 0.18, heartWidth / 2, 0.17)
        if heart <= 1 { return 0.75 }
        let (half, middle, height) = (chestWidth / 2, (lungTop + lungBottom) / 2, (lungBottom - lungTop) / 2)
        // Outer borders stay where they are; a narrow lung is one whose inner border lies farther out.
        for (isRight, share, grey) in [(true, lungs.right, lungGreys.right), (false, lungs.left, lungGreys.left)] where share > 0 {
            let radius = half * share / 2
            let centre = isRight ? 0.5 - half + radius : 0.5 + half - radius
            if ellipse(x, y, centre, middle, radius, height) <= 1 { return grey }
        }
        // Air beside the body, shoulders above, a belly that is brighter than the chest wall.
        guard x >= air, x < 1 - air else { return 0.02 }
        if y < 0.10, abs(x - 0.5) > 0.12 + y { return 0.02 }
        return y > lungBottom ? 0.58 : 0.5
    }

    /// At most 1 inside.
    private func ellipse(_ x: Double, _ y: Double, _ centreX: Double, _ centreY: Double, _ radiusX: Double, _ radiusY: Double) -> Double {
        let (dx, dy) = ((x - centreX) / radiusX, (y - centreY) / radiusY)
        return dx * dx + dy * dy
    }

    /// Chests of different sizes and places of the heart, as limits of quality are learnt from.
    public static func varied(_ number: Int, side: Int = 128) -> DrawnChest {
        var random = SeededGenerator(seed: 0xC4E57, stream: UInt64(number))
        var chest = DrawnChest()
        chest.side = side
        chest.chestWidth = random.uniform(0.70...0.80)
        chest.lungTop = random.uniform(0.13...0.18)
        chest.lungBottom = random.uniform(0.76...0.84)
        chest.heartWidth = random.uniform(0.32...0.42)
        chest.heartShift = random.uniform(0.01...0.05)
        chest.lungGreys = (random.uniform(0.17...0.24), random.uniform(0.17...0.24))
        chest.air = random.uniform(0.01...0.05)
        chest.noise = random.uniform(0.01...0.03)
        chest.seed = UInt64(number) + 1
        return chest
    }
}
