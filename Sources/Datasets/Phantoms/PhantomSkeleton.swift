import Findings
import Foundation

/// Ribs, clavicles, shoulder blades, upper arms and spine, in centimetres of water that attenuate as much.
struct PhantomSkeleton: Sendable {
    let patient: PhantomPatient

    /// All bones of the picture.
    func bones(side: Int, _ random: inout SeededGenerator) -> PhantomField {
        var field = spine(side: side, &random)
        let (behind, before) = ribs(side: side, &random)
        field.add(behind)
        field.add(before)
        field.add(shoulders(side: side, &random))
        field.add(clavicles(side: side, &random))
        let bone = patient.bone
        field.values.withUnsafeMutableBufferPointer { target in
            for index in 0..<target.count { target[index] *= bone }
        }
        return field
    }

    /// A flat bone seen from its face: its rim, where the beam runs along the hard cortex, is the brightest.
    @inline(__always)
    private static func cortex(_ place: Float) -> Float {
        let square = place * place
        return (0.62 + 0.55 * square * square * square) * (1 - smoothStep(0.84, 1, place))
    }

    /// Each rib is an arch around the chest that falls towards the front, seen from the front: a hinder part that is nearly level at the
    /// spine, the turn at the wall, a fainter fore part that comes back steeper.
    private func ribs(side: Int, _ random: inout SeededGenerator) -> (behind: PhantomField, before: PhantomField) {
        var behind = PhantomField(side: side, width: patient.width)
        var before = behind
        let fall = Float(random.uniform(0.9...1.15)) * (patient.isAnteroposterior ? 0.85 : 1)
        for sideways in [Float(-1), 1] {
            for rib in 0..<11 {
                let number = Float(rib)
                let start = patient.apex - 0.5 + number * patient.ribStep + Float(random.uniform(-0.12...0.12))
                let drop = fall * min(8.6, 3.4 + 1.5 * number)
                let turn = start + 0.5 * drop
                let reach = max(5.2, min(patient.outerEdge(turn, sideways), patient.half(sideways)) + 0.35)
                // The lower ribs end earlier and in longer cartilage, which hardly shows.
                let end = (rib < 2 ? 2.72 : 2.62 - 0.06 * number) + Float(random.uniform(-0.05...0.05))
                func point(_ angle: Float) -> PhantomStrokePoint {
                    let distance = max(1.6, reach * powf(sin(angle), 0.92))
                    let y = start + drop * 0.5 * (1 - cos(angle)) - 0.35 * sin(angle) * sin(angle)
                    // Where the rib turns, the beam runs along it.
                    let along = 1 - abs(cos(angle))
                    let isBehind = angle < .pi / 2
                    return PhantomStrokePoint(
                        x: patient.midline(y) + sideways * distance, y: y, half: isBehind ? 0.64 - 0.1 * along : 0.7 - 0.16 * along,
                        value: (isBehind ? 1.05 : 0.62) + (isBehind ? 0.8 : 1.2) * along * along)
                }
                let steps = 18
                behind.stroke((0...steps).map { point(0.13 + (.pi / 2 - 0.13) * Float($0) / Float(steps)) }, profile: Self.cortex)
                guard rib < 10 else { continue }
                var arch = (0...steps).map { point(.pi / 2 + (end - .pi / 2) * Float($0) / Float(steps)) }
                // The end is not cut off: bone goes over into cartilage.
                for index in arch.indices.suffix(4) { arch[index].value *= Float(arch.count - 1 - index) / 4 }
                before.stroke(arch, profile: Self.cortex)
            }
        }
        return (behind, before)
    }

    private func clavicles(side: Int, _ random: inout SeededGenerator) -> PhantomField {
        var field = PhantomField(side: side, width: patient.width)
        let height = patient.apex + (patient.isAnteroposterior ? 1.6 : 3.2) + Float(random.uniform(-0.6...0.6))
        let rise = Float(random.uniform(0.12...0.24))
        for sideways in [Float(-1), 1] {
            let points = (0...22).map { index -> PhantomStrokePoint in
                let share = Float(index) / 22
                let distance = 2.1 + 14.6 * share
                // An S: the inner half arches forward, the outer half back.
                let y = height - rise * (distance - 2.1) + 0.75 * sin(share * 5.6 - 0.3)
                let half = 0.58 + 0.32 * (1 - smoothStep(0, 0.25, share)) + 0.2 * smoothStep(0.75, 1, share)
                return PhantomStrokePoint(
                    x: patient.midline(y) + 0.8 * patient.rotation + sideways * distance, y: y, half: half, value: 1.7 - 0.5 * share)
            }
            field.stroke(points, profile: Self.cortex)
        }
        return field
    }

    /// Shoulder blade and upper arm.
    private func shoulders(side: Int, _ random: inout SeededGenerator) -> PhantomField {
        var field = PhantomField(side: side, width: patient.width)
        var plate = field
        let top = patient.apex + Float(random.uniform(0.4...1.4)) - (patient.isAnteroposterior ? 0.8 : 0)
        for sideways in [Float(-1), 1] {
            let out = max(patient.halves.left, patient.halves.right) - 13.9 + patient.scapulaShift + Float(random.uniform(-0.3...0.3))
            func place(_ x: Float, _ y: Float, _ half: Float, _ value: Float) -> PhantomStrokePoint {
                PhantomStrokePoint(x: patient.midline(top + y) + sideways * (x + out), y: top + y, half: half, value: value)
            }
            // The inner border, the thick outer border from the joint down to the lower angle, the spine out to the acromion.
            field.stroke(
                [place(11.6, 1.2, 0.22, 0.7), place(11.2, 5, 0.2, 0.75), place(11.6, 9.5, 0.22, 0.8), place(12.8, 13.6, 0.3, 0.5)]
            ) { 1 - $0 * $0 }
            field.stroke(
                [place(15.6, 3.2, 0.6, 1.7), place(14.9, 6.5, 0.48, 1.6), place(13.9, 10.5, 0.4, 1.3), place(12.8, 13.8, 0.3, 0.5)],
                profile: Self.cortex)
            field.stroke(
                [place(11.9, 3.4, 0.25, 0.6), place(14.2, 1.6, 0.42, 1.1), place(16.4, -0.7, 0.6, 1.3), place(18.3, -0.9, 0.75, 1.2)],
                profile: Self.cortex)
            field.stroke([place(15.2, 2.1, 0.6, 1.2), place(15.7, 0.9, 0.5, 1.2)], profile: Self.cortex)
            // The blade between them is as thin as paper.
            plate.stroke([place(13.6, 1.4, 2.1, 0.35), place(13.2, 7, 1.8, 0.3), place(12.8, 13.4, 0.3, 0.2)]) { 1 - smoothStep(0.8, 1, $0) }
            // The head of the humerus in its joint, and the shaft.
            let head = place(17.6, 2.6, 2.35, 1)
            field.paint(x: head.x - 2.4...head.x + 2.4, y: head.y - 2.4...head.y + 2.4) { pixel, x, y in
                let (dx, dy) = ((x - head.x) / head.half, (y - head.y) / head.half)
                let inside = 1 - dx * dx - dy * dy
                guard inside > 0 else { return }
                pixel = max(pixel, min(1.9, 0.35 + 2.2 * inside.squareRoot() * smoothStep(0, 0.12, inside)) * smoothStep(0, 0.06, inside))
            }
            field.stroke([place(18.4, 3.6, 1.5, 1.9), place(19.2, 7, 1.15, 1.8), place(20.6, 15, 1.05, 1.8), place(22.5, 28, 1.05, 1.8)]) {
                (0.7 + 0.5 * $0 * $0 * $0 * $0) * (1 - smoothStep(0.9, 1, $0))
            }
        }
        field.add(plate)
        return field
    }

    /// Vertebrae with their discs, pedicles, spinous and transverse processes.
    private func spine(side: Int, _ random: inout SeededGenerator) -> PhantomField {
        var field = PhantomField(side: side, width: patient.width)
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
            let body = 1 - smoothStep(waist - 0.28, waist, distance)
            let disc = smoothStep(0, 0.07, share) * (1 - smoothStep(0.83, 0.9, share))
            let plate = smoothStep(0.03, 0.09, share) * (1 - smoothStep(0.12, 0.2, share)) + smoothStep(0.7, 0.8, share) * (1 - smoothStep(0.84, 0.9, share))
            var value = body * (1.5 + disc * 0.8 + plate * 0.45 + 0.5 * smoothStep(0.5, 0.95, distance / waist))
            // Pedicles: a ring at either side, in the upper half.
            let (px, py) = ((distance - 1.15) / 0.42, (share - 0.33) * height / 0.55)
            let ring = px * px + py * py
            if ring < 1.3 { value += 0.7 * smoothStep(1.3, 0.9, ring) * (0.4 + 0.6 * smoothStep(0.2, 0.8, ring)) }
            // The spinous process is seen end on, a drop on the midline.
            let (sx, sy) = ((offset - turned) / (0.22 + 0.2 * share), (share - 0.72) * height / 0.75)
            let drop = sx * sx + sy * sy
            if drop < 1.2 { value += 1.0 * smoothStep(1.2, 0.6, drop) }
            // Transverse processes.
            let (tx, ty) = ((distance - 2.3) / 1.05, (share - 0.3) * height / 0.5)
            let process = tx * tx + ty * ty
            if process < 1 { value += 0.6 * smoothStep(1, 0.6, process) }
            pixel = value
        }
        return field
    }
}
