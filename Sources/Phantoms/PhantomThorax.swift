import Basics
import Findings
import Foundation

/// Body and lungs as the beam meets them: how many centimetres of each lie behind a pixel.
struct PhantomThorax: Sendable {
    let patient: PhantomPatient

    /// Centimetres of body, the lungs' air counted as body; 0 beside the patient.
    func body(side: Int, _ random: inout SeededGenerator) -> PhantomField {
        let patient = patient
        // Flesh has no fine detail: every second pixel is enough.
        let half = (side + 1) / 2
        var field = PhantomField(side: half, width: patient.width * Float(2 * half) / Float(side))
        let lumps = PhantomNoise(cell: 6.5, width: patient.width, &random)
        let (fold, waist) = (Float(random.uniform(0.4...1.8)), Float(random.uniform(-1.2...1.3)))
        let armLean = Float(random.uniform(0.1...0.32))
        let armStart = max(patient.halves.left, patient.halves.right) + 2.2 + patient.wall
        let (left, right) = (patient.halves.left + 1 + patient.wall, patient.halves.right + 1 + patient.wall)
        let chestDepth = 2 * (patient.depth + 0.9) + 1.1 * patient.wall
        let step = 1 / field.pixelsPerCentimetre
        field.values.withUnsafeMutableBufferPointer { target in
            for row in 0..<half {
                let y = (Float(row) + 0.5) * step
                let middle = patient.midline(y)
                let below = y - patient.apex
                // The neck widens into the trapezius; the chest is deepest at its middle; the belly is deeper still.
                let neckHalf = patient.neck + 3 * smoothStep(-3.5, 3, below)
                // Folds of the armpits above, the waist, the hips.
                let bulge = fold * (1 - smoothStep(6, 17, below)) - waist * smoothStep(14, 26, below)
                let neckDepth = 12.5 * (1 - smoothStep(0, 9, below))
                let depth = chestDepth * (0.56 + 0.44 * smoothStep(-2, 11, below)) + 3 * smoothStep(0.85, 1.3, patient.level(y))
                // Muscle reaches from the chest to the arm down to the armpit.
                let armpit = 11 * (1 - smoothStep(6, 11, below)).squareRoot()
                let armMiddle = armStart + armLean * max(0, below - 2) - 2.6 * (1 - smoothStep(-2, 8, below))
                let breastHeight = patient.apex + 0.86 * (patient.domes.left - patient.apex)
                for column in 0..<half {
                    let across = (Float(column) + 0.5) * step
                    let x = across - middle
                    let distance = abs(x)
                    // What is under the upper line of neck and shoulders.
                    let beside = max(0, distance - patient.neck)
                    let line = patient.apex - 2.4 + patient.shoulderSlope * beside - 7 / (1 + beside * beside * 0.35)
                    let under = max(0, (y - line) * 0.24)
                    let shoulder = min(1, under).squareRoot()
                    let outline = distance / ((x < 0 ? left : right) + bulge)
                    let trunk = depth * max(0, 1 - outline * outline * outline * outline).squareRoot() * shoulder
                    let neckShare = distance / neckHalf
                    let neck = neckDepth * max(0, 1 - neckShare * neckShare).squareRoot()
                    let armShare = (distance - armMiddle) / 4.5
                    let arm = 8.6 * max(0, 1 - armShare * armShare).squareRoot() * shoulder
                    let deltoid = max(0, 1 - (distance / (armMiddle + 4)) * (distance / (armMiddle + 4))).squareRoot()
                    var thickness = smoothMaximum(max(trunk, neck), max(arm, armpit * shoulder * min(1, 1.7 * deltoid)), 3)
                    if patient.breasts > 0 {
                        let (u, v) = ((distance - 9.2) / 8, (y - breastHeight) / 6.5)
                        // Above, a breast fades into the chest; below it ends in its fold.
                        let inside = max(0, 1 - u * u - (v > 0 ? v * v : 0.55 * v * v))
                        thickness += patient.breasts * inside.squareRoot() * (v > 0 ? 1 : 1 - smoothStep(0, 1.35, -v)) * min(1, thickness)
                    }
                    // Fat and muscle are uneven.
                    target[row * half + column] = thickness * (1 + 0.045 * lumps(across, y))
                }
            }
        }
        return field.doubled(side: side, width: patient.width)
    }

    /// Centimetres of lung, without the heart's part.
    func lungs(side: Int) -> PhantomField {
        let patient = patient
        var field = PhantomField(side: side, width: patient.width)
        let step = 1 / field.pixelsPerCentimetre
        field.values.withUnsafeMutableBufferPointer { target in
            for row in 0..<side {
                let y = (Float(row) + 0.5) * step
                let level = patient.level(y)
                guard level > 0, level < 1.6 else { continue }
                let middle = patient.midline(y) + 0.25 * patient.rotation
                let depth = 2 * patient.lungDepth(y)
                let inner = patient.innerEdge(y)
                let (left, right) = (patient.outerEdge(y, -1), patient.outerEdge(y, 1))
                for column in 0..<side {
                    let x = (Float(column) + 0.5) * step - middle
                    let sideways: Float = x < 0 ? -1 : 1
                    let distance = abs(x)
                    let outer = x < 0 ? left : right
                    guard distance > inner, distance < outer else { continue }
                    let share = distance / outer
                    let profile = max(0, 1 - share * share * share).squareRoot()
                    let medial = min(1, (distance - inner) / 3.6).squareRoot()
                    var path = depth * profile * medial
                    let sunk = y - patient.diaphragm(distance, sideways)
                    if sunk > -0.1 {
                        // The dome's edge is sharp; behind it a thin tongue of lung reaches down into the recess.
                        let deep = min(1, max(0, sunk) / 5)
                        path *= (1 - 0.7 * smoothStep(-0.1, 0.12, sunk)) * (1 - deep.squareRoot())
                    }
                    target[row * side + column] = path
                }
            }
        }
        return field
    }
}
