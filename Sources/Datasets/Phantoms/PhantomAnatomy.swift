import Findings
import Foundation

/// One person's chest in a unit frame (x right, y down; the patient's right side is on the picture's left, as radiographs are hung).
struct PhantomAnatomy {
    /// -1 is the picture's left (the patient's right).
    typealias Side = Float

    let middle: Float
    /// Half the width of the chest cavity.
    let cavity: Float
    let apex: Float
    /// Height of the diaphragm's dome on the picture's left and right.
    let domes: (left: Float, right: Float)
    let shoulder: Float
    let ribStart: Float
    let ribStep: Float
    var heart: (x: Float, y: Float, rx: Float, ry: Float)

    init(_ random: inout SeededGenerator) {
        func vary(_ value: Double, _ by: Double) -> Float { Float(value + random.uniform(-by...by)) }
        middle = vary(0.5, 0.015)
        cavity = vary(0.345, 0.02)
        apex = vary(0.12, 0.02)
        let dome = vary(0.68, 0.035)
        domes = (dome - vary(0.012, 0.008), dome + vary(0.012, 0.008))
        shoulder = vary(0.2, 0.02)
        ribStart = vary(0.105, 0.012)
        ribStep = vary(0.062, 0.004)
        let width = cavity * vary(0.43, 0.03)
        heart = (middle + cavity * 0.18, dome - width * 0.55, width, width * 0.82)
    }

    /// Half the width of the body at a height: neck, shoulders, trunk.
    func bodyHalfWidth(_ y: Float) -> Float {
        let shoulders = 0.115 + 0.36 * smoothStep(0.0, shoulder, y - 0.02)
        return shoulders - 0.05 * smoothStep(0.25, 0.55, y) + 0.02 * smoothStep(0.7, 1, y)
    }

    /// How thick the body is, 0 outside to 1.
    func body(_ x: Float, _ y: Float) -> Float {
        let share = (x - middle) / bodyHalfWidth(y)
        return max(0, 1 - share * share).squareRoot()
    }

    /// Height of the diaphragm at a distance from the middle, towards a side.
    func diaphragm(_ distance: Float, _ side: Side) -> Float {
        let dome = side < 0 ? domes.left : domes.right
        let share = (distance - cavity * 0.5) / (cavity * 0.5)
        return dome + 0.085 * share * share * (share > 0 ? 1 : 0.35)
    }

    /// How far the cavity reaches outwards at a height.
    func outerEdge(_ y: Float) -> Float {
        guard y > apex else { return 0 }
        let share = max(0, (0.62 - y) / (0.62 - apex))
        return cavity * Foundation.pow(max(0, 1 - Foundation.pow(share, 2.7)), 0.47)
    }

    /// 1 inside a lung, 0 outside, soft at the edge.
    func lung(_ x: Float, _ y: Float, outerEdge: Float) -> Float {
        let side: Side = x < middle ? -1 : 1
        let distance = abs(x - middle)
        let inner = 0.052 + 0.02 * smoothStep(0.2, 0.45, y)
        return smoothStep(-0.004, 0.006, distance - inner) * smoothStep(-0.004, 0.006, outerEdge - distance)
            * smoothStep(-0.003, 0.005, diaphragm(distance, side) - y)
    }

    /// 1 inside the heart, its long axis falling to the picture's right.
    func heartShadow(_ x: Float, _ y: Float) -> Float {
        let (dx, dy) = (x - heart.x, y - heart.y)
        let (along, across) = (dx * 0.88 + dy * 0.47, dy * 0.88 - dx * 0.47)
        let reach = (along / heart.rx) * (along / heart.rx) + (across / heart.ry) * (across / heart.ry)
        return 1 - smoothStep(0.9, 1.12, reach)
    }

    /// The arch of the aorta and the great vessels beside the spine.
    func greatVessels(_ x: Float, _ y: Float) -> Float {
        let (dx, dy) = ((x - middle - 0.052) / 0.042, (y - 0.33) / 0.05)
        let arch = 1 - smoothStep(0.75, 1.15, dx * dx + dy * dy)
        let stem = (1 - smoothStep(0.05, 0.075, abs(x - middle - 0.012))) * smoothStep(0.14, 0.22, y)
        return max(arch, stem)
    }

    /// The smallest box around the heart as it is drawn, in the unit frame.
    var heartBox: Box {
        let (a, b) = (heart.rx * heart.rx, heart.ry * heart.ry)
        let halfWidth = Double((0.88 * 0.88 * a + 0.47 * 0.47 * b).squareRoot())
        let halfHeight = Double((0.47 * 0.47 * a + 0.88 * 0.88 * b).squareRoot())
        return Box(
            x: Double(heart.x) - halfWidth, y: Double(heart.y) - halfHeight, width: 2 * halfWidth, height: 2 * halfHeight)
    }
}
