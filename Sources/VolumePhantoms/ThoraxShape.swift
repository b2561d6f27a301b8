import Basics
import Foundation

/// The chest of somebody who never was: skin, ribs, spine, heart, vessels of the mediastinum, two lungs. All places are millimetres LPS
/// around
/// the middle of the chest.
struct ThoraxShape: Sendable {
    /// Half width and half depth of the body.
    let body: SIMD2<Float>
    /// Of each lung, right and left: the middle on x.
    let lungMiddle: [Float]
    let lungHalf: SIMD2<Float>
    /// The lung's highest point, and the highest of the diaphragm of either side.
    let apex: Float
    let diaphragm: [Float]
    let dome: Float
    let heart: SIMD3<Float>
    let heartHalf: SIMD3<Float>
    let ribPhase: Float
    /// From the lowest to the highest slice.
    let extent: ClosedRange<Float>
    let carina: Float

    init(_ random: inout SeededGenerator) {
        let size = Float(random.uniform(0.9...1.05))
        body = SIMD2(158, 108) * size
        lungHalf = SIMD2(Float(random.uniform(52...57)), Float(random.uniform(72...80))) * size
        lungMiddle = [-76 * size, 78 * size]
        apex = 128 * size
        diaphragm = [Float(random.uniform(-88 ... -76)) * size, Float(random.uniform(-98 ... -86)) * size]
        dome = Float(random.uniform(25...40)) * size
        heart = SIMD3(22, -28, -52) * size
        heartHalf = SIMD3(Float(random.uniform(46...56)), 46, 58) * size
        ribPhase = Float(random.uniform(0...1))
        extent = (-150 * size)...(146 * size)
        carina = 38 * size
    }

    /// Where vessels and airways enter a lung.
    func hilum(_ side: Int) -> SIMD3<Float> { SIMD3(side == 0 ? -34 : 36, 6, carina - 24) }

    /// How far a lung reaches around a point: positive inside, roughly millimetres to its surface.
    /// - Parameter side: 0 is the patient's right, 1 the left.
    func depth(_ point: SIMD3<Float>, side: Int) -> Float { min(wall(point, side: side), medial(point, side: side)) }

    /// To the chest wall and the diaphragm.
    @inline(__always)
    func wall(_ point: SIMD3<Float>, side: Int) -> Float {
        let offset = SIMD2(point.x - lungMiddle[side], point.y - 4)
        // Narrower towards the apex.
        let height = (point.z - diaphragm[side]) / (apex - diaphragm[side])
        guard height < 1 else { return -(point.z - apex) - 1 }
        let narrowing = height <= 0.35 ? 1 : (1 - pow((height - 0.35) / 0.65, 2.6)).squareRoot()
        let half = lungHalf * max(narrowing, 0.02)
        let scaled = offset / half
        let across = (1 - (scaled * scaled).sum().squareRoot()) * min(half.x, half.y)
        let away = offset / lungHalf
        let floor = diaphragm[side] - dome * (away * away).sum()
        return min(across, point.z - floor)
    }

    @inline(__always)
    func medial(_ point: SIMD3<Float>, side: Int) -> Float {
        let way = side == 0 ? -point.x : point.x
        let fromHeart = (point - heart) / heartHalf
        let heartDepth = ((fromHeart * fromHeart).sum().squareRoot() - 1) * 46
        let fromSpine = SIMD2(point.x, point.y - 70) / SIMD2(28, 34)
        let spineDepth = ((fromSpine * fromSpine).sum().squareRoot() - 1) * 28
        return min(way - 20, heartDepth, spineDepth)
    }

    /// Hounsfield units of what lies outside the lungs.
    @inline(__always)
    func tissue(_ point: SIMD3<Float>, wall: Float) -> Float {
        let scaled = SIMD2(point.x, point.y) / body
        let inside = (1 - (scaled * scaled).sum().squareRoot()) * body.y
        guard inside > 0 else { return -1000 }
        if inside < 2 { return 20 }
        let fromHeart = (point - heart) / heartHalf
        if (fromHeart * fromHeart).sum() < 1 { return 40 }
        let spine = SIMD2(point.x, point.y - 78) / SIMD2(19, 16)
        if (spine * spine).sum() < 1 {
            let disc = abs((point.z / 26).rounded() * 26 - point.z)
            return disc > 10 ? 90 : (spine * spine).sum() > 0.7 ? 450 : 200
        }
        let aorta = SIMD2(point.x - 16, point.y - 48)
        if (aorta * aorta).sum() < 144 { return 45 }
        // Ribs run down from the back to the front.
        if wall < -3, wall > -11, point.z < apex - 4 {
            let turn = (point.z + 0.55 * (70 - point.y)) / 27 + ribPhase
            if turn - turn.rounded(.down) < 0.38 { return wall < -5 && wall > -9 ? 220 : 520 }
        }
        if inside < 14 { return -100 }
        // The abdomen's and the wall's muscle, and fat between.
        return wall < -16 && abs(point.x) < 20 && point.z > -40 ? -60 : 50
    }
}
