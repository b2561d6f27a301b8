import Basics
import Findings
import Foundation

/// One person who never was: measures of the chest and how it was taken. Lengths are centimetres on the detector, x to the right, y down;
/// distances are from the midline. The patient's right is on the picture's left, as radiographs are hung.
struct PhantomPatient: Sendable {
    /// -1 is the picture's left.
    typealias Side = Float

    /// Taken from front to back, sitting or lying: a larger heart, higher diaphragms, shoulder blades over the lungs.
    let isAnteroposterior: Bool
    /// The picture's width and height.
    let width: Float
    /// The midline at the picture's middle.
    let centre: Float
    /// How far the midline moves to the right with each centimetre down.
    let lean: Float
    /// How far what lies in front is shifted to the right against the spine: the patient is turned.
    let rotation: Float
    /// Half the inner width of the thorax on the picture's left and right, at its widest.
    let halves: (left: Float, right: Float)
    /// The height of the lungs' tops.
    let apex: Float
    /// The height of the domes of the diaphragm on the picture's left and right.
    var domes: (left: Float, right: Float)
    /// Half the depth of the thorax from front to back.
    let depth: Float
    /// Soft tissue over the ribs.
    let wall: Float
    /// Depth of the breasts; 0 for none to be seen.
    let breasts: Float
    /// Half the width of the neck.
    let neck: Float
    /// How steeply the shoulders fall.
    let shoulderSlope: Float
    /// How far the shoulder blades are turned out of the lungs.
    let scapulaShift: Float
    /// From one rib to the next.
    let ribStep: Float
    /// Attenuation of bone against an average person's.
    let bone: Float
    /// Of aerated lung, as a share of water's.
    let lungDensity: Float
    /// Heart's width by the thorax's (the cardiothoracic ratio) that the heart is drawn with.
    let cardiothoracicRatio: Float
    let hasStomachBubble: Bool

    /// - Parameter hasLargeHeart: The cardiothoracic ratio is well above 0.5 instead of below.
    init(hasLargeHeart: Bool, _ random: inout SeededGenerator) {
        func vary(_ low: Double, _ high: Double) -> Float { Float(random.uniform(low...high)) }
        isAnteroposterior = random.uniform() < 0.27
        let build = vary(-1, 1)
        let half = 13.9 + 0.8 * build + vary(-0.4, 0.4)
        width = (half + vary(5.2, 7.2)) * 2
        centre = width / 2 + vary(-0.9, 0.9)
        lean = vary(-0.025, 0.025)
        let turned = vary(-1, 1)
        rotation = turned * abs(turned) * 0.9
        halves = (half - 0.35 * rotation, half + 0.35 * rotation)
        apex = vary(3.6, 5.8)
        let inspiration = isAnteroposterior ? vary(17.6, 21) : vary(21.2, 24.4)
        let right = min(apex + inspiration, width * 0.78)
        domes = (right, right + vary(0.5, 1.7))
        depth = 8.9 + 0.6 * build + vary(-0.6, 0.6)
        wall = max(0.9, 1.9 + 0.7 * build + vary(-0.7, 0.9))
        breasts = random.uniform() < 0.42 ? vary(1.2, 3.2) : 0
        neck = 5.9 + 0.4 * build + vary(-0.4, 0.4)
        shoulderSlope = vary(0.2, 0.36)
        scapulaShift = isAnteroposterior ? vary(-2.2, -0.6) : vary(0.4, 2)
        ribStep = (right - apex) / (isAnteroposterior ? vary(8.6, 9.4) : vary(9.4, 10.4))
        bone = vary(1.5, 2.1)
        lungDensity = isAnteroposterior ? vary(0.25, 0.34) : vary(0.17, 0.28)
        let ratio = vary(0, 1)
        cardiothoracicRatio =
            hasLargeHeart ? 0.55 + 0.12 * ratio : isAnteroposterior ? 0.44 + 0.05 * ratio : 0.385 + 0.09 * ratio
        hasStomachBubble = random.uniform() < 0.55
    }

    /// The midline (of the spine) at a height.
    func midline(_ y: Float) -> Float { centre + lean * (y - width / 2) }

    func dome(_ side: Side) -> Float { side < 0 ? domes.left : domes.right }

    func half(_ side: Side) -> Float { side < 0 ? halves.left : halves.right }

    /// How far down between the lung's top (0) and its dome (1) a height is.
    func level(_ y: Float) -> Float { (y - apex) / ((domes.left + domes.right) / 2 - apex) }

    /// How far the inside of the chest wall is from the midline at a height.
    func outerEdge(_ y: Float, _ side: Side) -> Float {
        let level = level(y)
        guard level > 0 else { return 0 }
        let above = max(0, 1 - level / 1.05)
        let arch = max(0, 1 - Foundation.powf(above, 3.3)).squareRoot()
        return half(side) * arch * (1 - 0.03 * smoothStep(1, 1.5, level))
    }

    /// How far the lung's inner border is from the midline at a height, the heart left out.
    func innerEdge(_ y: Float) -> Float { 1.9 + 2.3 * (1 - smoothStep(0, 0.14, level(y))) }

    /// Half the depth of the lung at a height.
    func lungDepth(_ y: Float) -> Float {
        let level = level(y)
        return depth * (0.3 + 0.7 * smoothStep(-0.15, 0.5, level))
    }

    /// The height of the diaphragm at a distance from the midline.
    func diaphragm(_ distance: Float, _ side: Side) -> Float {
        let half = half(side)
        let share = distance / half - 0.42
        let fall: Float = share > 0 ? 9 : 7
        let edge = max(0, share - 0.38)
        return dome(side) + fall * share * share + 38 * edge * edge
    }
}
