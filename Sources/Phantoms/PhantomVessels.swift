import Basics
import Findings
import Foundation

/// The vessels of the lungs and the airways.
struct PhantomVessels: Sendable {
    let patient: PhantomPatient

    /// Where the vessels of a lung come from; the left hilum is the higher one.
    func hilum(_ side: PhantomPatient.Side) -> (x: Float, y: Float) {
        let y = patient.apex + (side < 0 ? 0.475 : 0.435) * ((patient.domes.left + patient.domes.right) / 2 - patient.apex)
        return (patient.midline(y) + side * 3.5 + 0.4 * patient.rotation, y)
    }

    /// Centimetres of blood: two trees a lung, arteries and veins, which fan out from the hilum and thin until they cannot be seen.
    func blood(side: Int, _ random: inout SeededGenerator) -> PhantomField {
        var arteries = PhantomField(side: side, width: patient.width)
        var veins = arteries
        for sideways in [Float(-1), 1] {
            let (x, y) = hilum(sideways)
            // The lower lobe's artery is the trunk that makes the hilum.
            let trunk = PhantomBranch(x: x, y: y - 0.4, direction: 1.15, radius: 0.68, length: 3.8, outwards: sideways)
            draw(trunk, generation: 0, on: &arteries, &random)
            for index in 0..<10 {
                let angle = -1.35 + 0.28 * Float(index) + Float(random.uniform(-0.12...0.12))
                // Upright, gravity fills the lower vessels; lying, all alike.
                let filling = patient.isAnteroposterior ? 0.95 : 0.8 + 0.04 * Float(index)
                for isVein in [false, true] {
                    let branch = PhantomBranch(
                        x: x + Float(random.uniform(-0.5...0.4)), y: y + 0.16 * Float(index - 4) + (isVein ? 0.7 : 0),
                        direction: angle + (isVein ? 0.14 : 0), radius: Float(random.uniform(0.26...0.42)) * filling,
                        length: Float(random.uniform(2.2...3.6)), outwards: sideways)
                    if isVein {
                        draw(branch, generation: 1, on: &veins, &random)
                    } else {
                        draw(branch, generation: 1, on: &arteries, &random)
                    }
                }
            }
        }
        arteries.add(veins)
        return arteries
    }

    private func draw(_ branch: PhantomBranch, generation: Int, on field: inout PhantomField, _ random: inout SeededGenerator) {
        let points = branch.points(&random)
        // A round tube: the chord through it.
        field.stroke(points.map { PhantomStrokePoint(x: $0.x, y: $0.y, half: $0.half, value: 2 * $0.half) }) {
            max(0, 1 - $0 * $0).squareRoot()
        }
        guard generation < 6, let end = points.last, end.half > 0.035 else { return }
        let spread = Float(random.uniform(0.35...0.75))
        for (turn, share) in [(-0.5 * spread, Float(random.uniform(0.66...0.86))), (0.5 * spread, Float(random.uniform(0.62...0.82)))] {
            draw(
                PhantomBranch(
                    x: end.x, y: end.y, direction: branch.direction + turn + Float(random.uniform(-0.12...0.12)), radius: end.half * share,
                    length: branch.length * Float(random.uniform(0.62...0.92)), outwards: branch.outwards),
                generation: generation + 1, on: &field, &random)
        }
    }

    /// Centimetres of air in the windpipe and the main bronchi.
    func airways(side: Int) -> PhantomField {
        var field = PhantomField(side: side, width: patient.width)
        let fork = patient.apex + 0.36 * ((patient.domes.left + patient.domes.right) / 2 - patient.apex)
        func place(_ x: Float, _ y: Float, _ half: Float) -> PhantomStrokePoint {
            PhantomStrokePoint(x: patient.midline(y) + 0.5 * patient.rotation + x, y: y, half: half, value: 2 * half)
        }
        let round: (Float) -> Float = { max(0, 1 - $0 * $0).squareRoot() }
        field.stroke([place(0, -1, 0.85), place(0, fork - 5, 0.9), place(-0.35, fork, 0.95)], profile: round)
        field.stroke([place(-0.3, fork - 0.3, 0.75), place(-2.0, fork + 2.0, 0.7), place(-3.2, fork + 3.6, 0.5)], profile: round)
        field.stroke([place(-0.2, fork - 0.1, 0.65), place(2.2, fork + 1.5, 0.6), place(4.2, fork + 2.5, 0.45)], profile: round)
        return field
    }
}

/// A piece of a vessel or bronchus between two forks.
struct PhantomBranch {
    var x: Float
    var y: Float
    /// From straight outwards, clockwise on the right of the picture, mirrored on the left.
    var direction: Float
    var radius: Float
    var length: Float
    var outwards: PhantomPatient.Side

    func points(_ random: inout SeededGenerator) -> [PhantomStrokePoint] {
        var (x, y, direction) = (x, y, direction)
        let steps = max(2, min(5, Int(length * 1.6)))
        let step = length / Float(steps)
        var points = [PhantomStrokePoint(x: x, y: y, half: radius)]
        for index in 1...steps {
            direction += Float(random.uniform(-0.14...0.14))
            x += cos(direction) * outwards * step
            y += sin(direction) * step
            points.append(PhantomStrokePoint(x: x, y: y, half: radius * (1 - 0.2 * Float(index) / Float(steps))))
        }
        return points
    }
}
