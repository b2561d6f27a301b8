import Basics
import Findings
import Foundation

/// Ribs, clavicles, shoulder blades, upper arms and spine, in centimetres of water that attenuate as much.
struct PhantomSkeleton: Sendable {
    let patient: PhantomPatient

    /// All bones of the picture, and the lines along the clavicles, the picture's left one first.
    func bones(side: Int, _ random: inout SeededGenerator) -> (bones: PhantomField, clavicles: [[PhantomStrokePoint]]) {
        // Two layers, since bones that lie behind one another add up.
        var (behind, before) = (PhantomField(side: side, width: patient.width), PhantomField(side: side, width: patient.width))
        drawSpine(on: &before, &random)
        drawRibs(behind: &behind, before: &before, &random)
        drawShoulders(behind: &behind, before: &before, &random)
        let clavicles = drawClavicles(on: &behind, &random)
        behind.add(before)
        let bone = patient.bone
        behind.values.withUnsafeMutableBufferPointer { target in
            for index in 0..<target.count { target[index] *= bone }
        }
        return (behind, clavicles)
    }

    /// A flat bone seen from its face: its rim, where the beam runs along the hard cortex, is the brightest.
    @inline(__always)
    private static func cortex(_ place: Float) -> Float {
        let square = place * place
        return (0.62 + 0.55 * square * square * square) * (1 - smoothStep(0.84, 1, place))
    }

    /// Each rib is an arch around the chest that falls towards the front, seen from the front: a hinder part that is nearly level at the
    /// spine, the turn at the wall, a fainter fore part that comes back steeper.
    private func drawRibs(behind: inout PhantomField, before: inout PhantomField, _ random: inout SeededGenerator) {
        let fall = Float(random.uniform(0.9...1.15)) * (patient.isAnteroposterior ? 0.85 : 1)
        for sideways in [Float(-1), 1] {
            for rib in 0..<11 {
                let number = Float(rib)
                let start = patient.apex + 0.3 + number * patient.ribStep + Float(random.uniform(-0.12...0.12))
                let drop = fall * min(8.6, 4 + 1.4 * number)
                let turn = start + 0.5 * drop
                let reach = max(5.2, min(patient.outerEdge(turn, sideways), patient.half(sideways)) + 0.2)
                // The lower ribs end earlier and in longer cartilage, which hardly shows.
                let end = (rib < 2 ? 2.72 : 2.62 - 0.06 * number) + Float(random.uniform(-0.05...0.05))
                func point(_ angle: Float) -> PhantomStrokePoint {
                    let distance = max(1.6, reach * powf(sin(angle), 0.92))
                    let y = start + drop * 0.5 * (1 - cos(angle)) - 0.35 * sin(angle) * sin(angle)
                    // Where the rib turns, the beam runs along it.
                    let along = 1 - abs(cos(angle))
                    let isBehind = angle < .pi / 2
                    return PhantomStrokePoint(
                        x: patient.midline(y) + sideways * distance, y: y, half: (0.64 - 0.1 * along) * (rib == 0 ? 0.85 : 1),
                        value: (isBehind ? 1.05 : 0.62) + (isBehind ? 0.35 : 0.78) * along * along)
                }
                // One part fades into the other at the turn; the fore part's end fades into cartilage, the last ribs end free.
                let last: Float = rib < 9 ? .pi / 2 + 0.22 : 1.35 - 0.2 * (number - 9)
                func faded(_ from: Float, _ to: Float, in length: Float, out: Float) -> [PhantomStrokePoint] {
                    (0...20).map { index in
                        let angle = from + (to - from) * Float(index) / 20
                        var one = point(angle)
                        one.value *= max(0, min(1, min((angle - from) / length, (to - angle) / out)))
                        return one
                    }
                }
                let weak: Float = rib < 9 ? 1 : 0.7
                behind.stroke(faded(0.13, last, in: 0.05, out: 0.44)) { weak * Self.cortex($0) }
                guard rib < 9 else { continue }
                before.stroke(faded(.pi / 2 - 0.22, end, in: 0.44, out: 0.25), profile: Self.cortex)
            }
        }
    }

    private func drawClavicles(on field: inout PhantomField, _ random: inout SeededGenerator) -> [[PhantomStrokePoint]] {
        let height = patient.apex + (patient.isAnteroposterior ? 1.6 : 3.2) + Float(random.uniform(-0.6...0.6))
        let rise = Float(random.uniform(0.05...0.2))
        return [Float(-1), 1].map { sideways in
            let points = (0...22).map { index -> PhantomStrokePoint in
                let share = Float(index) / 22
                let distance = 1.7 + 15 * share
                // An S: the inner half arches forward, the outer half back.
                let y = height - rise * (distance - 1.7) + 0.75 * sin(share * 5.6 - 0.3)
                let half = 0.58 + 0.32 * (1 - smoothStep(0, 0.25, share)) + 0.2 * smoothStep(0.75, 1, share)
                return PhantomStrokePoint(
                    x: patient.midline(y) + 0.8 * patient.rotation + sideways * distance, y: y, half: half,
                    value: (1.5 - 0.45 * share) * smoothStep(-0.01, 0.06, share))
            }
            field.stroke(points, profile: Self.cortex)
            return points
        }
    }

    /// Shoulder blade and upper arm.
    private func drawShoulders(behind plate: inout PhantomField, before field: inout PhantomField, _ random: inout SeededGenerator) {
        let top = patient.apex + Float(random.uniform(0.4...1.4)) - (patient.isAnteroposterior ? 0.8 : 0)
        for sideways in [Float(-1), 1] {
            let out = max(patient.halves.left, patient.halves.right) - 13.9 + patient.scapulaShift + Float(random.uniform(-0.3...0.3))
            func place(_ x: Float, _ y: Float, _ half: Float, _ value: Float) -> PhantomStrokePoint {
                PhantomStrokePoint(x: patient.midline(top + y) + sideways * (x + out), y: top + y, half: half, value: value)
            }
            // The inner border, the thick outer border from the joint down to the lower angle, the spine out to the acromion.
            let inner = [
                place(12.4, 0.2, 0.3, 0.1), place(11.6, 1.6, 0.3, 0.5), place(11.2, 5, 0.25, 0.55), place(11.7, 9.5, 0.28, 0.6),
                place(12.7, 13, 0.4, 0.55), place(13.1, 13.9, 0.3, 0.1),
            ]
            let outer = [
                place(15.9, 3.4, 0.7, 0.7), place(15.1, 6, 0.55, 1.25), place(14.3, 9.5, 0.5, 1.1), place(13.4, 13, 0.45, 0.7),
                place(12.9, 14, 0.3, 0.1),
            ]
            let ridge = [
                place(11.8, 3.8, 0.25, 0.1), place(13.4, 2.3, 0.4, 0.6), place(15.2, 0.5, 0.6, 0.85), place(17, -0.9, 0.75, 0.95),
                place(18.5, -0.8, 0.7, 0.7), place(19.1, -0.2, 0.5, 0.2),
            ]
            let socket = [place(14.4, 2.6, 0.8, 0.3), place(15.4, 2.2, 0.95, 0.9), place(16, 1.9, 1.2, 0.8)]
            field.stroke(inner.curved()) { 1 - $0 * $0 }
            for border in [outer, ridge, socket] { field.stroke(border.curved(), profile: Self.cortex) }
            // The blade between them is as thin as paper.
            plate.stroke([place(13.6, 1.4, 2.1, 0.35), place(13.2, 7, 1.8, 0.3), place(12.8, 13.4, 0.3, 0.2)]) {
                1 - smoothStep(0.8, 1, $0)
            }
            let shaft = [
                place(17.9, 2.6, 1.9, 0.1), place(18.4, 4.4, 1.5, 1), place(19.1, 7.5, 1.15, 1.3), place(20.6, 15, 1.05, 1.4),
                place(22.5, 28, 1.05, 1.4),
            ]
            // The head of the humerus in its joint, and the shaft.
            let head = place(17.6, 2.6, 2.35, 1)
            field.paint(x: head.x - 2.4...head.x + 2.4, y: head.y - 2.4...head.y + 2.4) { pixel, x, y in
                let (dx, dy) = ((x - head.x) / head.half, (y - head.y) / head.half)
                let inside = 1 - dx * dx - dy * dy
                guard inside > 0 else { return }
                pixel = max(pixel, min(1.35, 0.3 + 1.5 * inside.squareRoot() * smoothStep(0, 0.12, inside)) * smoothStep(0, 0.06, inside))
            }
            field.stroke(shaft.curved()) {
                (0.7 + 0.5 * $0 * $0 * $0 * $0) * (1 - smoothStep(0.9, 1, $0))
            }
        }
    }

    /// Vertebrae with their discs, pedicles, spinous and transverse processes.
    private func drawSpine(on field: inout PhantomField, _ random: inout SeededGenerator) {
        let height = patient.ribStep * 1.02
        let phase = Float(random.uniform(0...1))
        let turned = 0.35 * patient.rotation
        let patient = patient
        field.paint(x: patient.centre - 5...patient.centre + 5, y: 0...patient.width) { pixel, x, y in
            let offset = x - patient.midline(y)
            let distance = abs(offset)
            guard distance < 3.4 else { return }
            let vertebra = y / height + phase
            let share = vertebra - vertebra.rounded(.down)
            let waist = 1.75 + 0.35 * smoothStep(0.6, 1.3, patient.level(y)) + 0.16 * abs(share - 0.5)
            let body = 1 - smoothStep(waist - 0.35, waist + 0.3, distance)
            let disc = smoothStep(0, 0.07, share) * (1 - smoothStep(0.83, 0.9, share))
            let plate =
                smoothStep(0.03, 0.09, share) * (1 - smoothStep(0.12, 0.2, share)) + smoothStep(0.7, 0.8, share)
                * (1 - smoothStep(0.84, 0.9, share))
            var value =
                (1 - 0.5 * smoothStep(0.9, 1.15, patient.level(y))) * body
                * (0.35 + disc * 0.45 + plate * 0.25 + 0.3 * smoothStep(0.5, 0.95, distance / waist))
            // Pedicles: a ring at either side, in the upper half.
            let (px, py) = ((distance - 1.15) / 0.42, (share - 0.33) * height / 0.55)
            let ring = px * px + py * py
            if ring < 1.3 { value += 0.4 * smoothStep(1.3, 0.9, ring) * (0.4 + 0.6 * smoothStep(0.2, 0.8, ring)) }
            // The spinous process is seen end on, a drop on the midline.
            let (sx, sy) = ((offset - turned) / (0.22 + 0.2 * share), (share - 0.72) * height / 0.75)
            let drop = sx * sx + sy * sy
            if drop < 1.2 { value += 0.55 * smoothStep(1.2, 0.6, drop) }
            // Transverse processes.
            let (tx, ty) = ((distance - 2.3) / 1.05, (share - 0.3) * height / 0.5)
            let process = tx * tx + ty * ty
            if process < 1 { value += 0.35 * smoothStep(1, 0.6, process) }
            pixel = value
        }
    }
}
