import Basics
import Findings
import Foundation

/// The heart and the great vessels: ellipsoids that run into each other.
struct PhantomHeart: Sendable {
    /// An ellipsoid; distances are from the midline.
    struct Part: Sendable {
        var x: Float
        var y: Float
        /// Half axes: along, across, and from front to back.
        var along: Float
        var across: Float
        var depth: Float
        /// How far the long axis is turned from the horizontal, clockwise.
        var turn: Float

        /// How far it reaches to either side of its middle.
        var reach: Float {
            let (a, b) = (along * cos(turn), across * sin(turn))
            return (a * a + b * b).squareRoot()
        }
    }

    /// Of the cardiac silhouette: left ventricle, right atrium, right ventricle, left atrial appendage.
    let chambers: [Part]
    /// The outflow of the pulmonary artery, the aortic arch, the vena cava.
    let vessels: [Part]

    init(_ patient: PhantomPatient, _ random: inout SeededGenerator) {
        func vary(_ low: Double, _ high: Double) -> Float { Float(random.uniform(low...high)) }
        let floor = (patient.domes.left + patient.domes.right) / 2
        let shift = 0.6 * patient.rotation
        // How upright the heart hangs: upright in the slim and in deep inspiration.
        let turn = vary(0.5, 0.85) - (patient.isAnteroposterior ? 0.15 : 0)
        var parts = [
            Part(x: 3.3, y: -4.0, along: 5.9, across: 4.2, depth: 4.2, turn: turn),
            Part(x: -1.0, y: -4.4, along: 4.6, across: 3.1, depth: 3.4, turn: 1.5),
            Part(x: 1.2, y: -2.9, along: 4.6, across: 3.4, depth: 3.6, turn: 0.15),
            Part(x: 1.9, y: -7.6, along: 3.6, across: 2.4, depth: 3.2, turn: 1.2),
        ]
        parts[0].y += vary(-0.3, 0.3)
        parts[1].x += vary(-0.3, 0.3)
        // Widen everything from the midline until the ratio is the wished one; a larger heart is taller as well, but less so.
        let (left, right) = Self.edges(parts)
        let wanted = patient.cardiothoracicRatio * (patient.halves.left + patient.halves.right)
        let growth = wanted / max(1, right - left)
        let rise = 1 + 0.55 * (growth - 1)
        chambers = parts.map { part in
            Part(
                x: part.x * growth + shift, y: floor + 0.6 + part.y * rise, along: part.along * growth, across: part.across * growth,
                depth: part.depth * min(1.25, rise), turn: part.turn)
        }
        let top = patient.apex
        let height = floor - patient.apex
        let age = vary(0, 1)
        vessels = [
            // The knob stands out more with age.
            Part(x: 1.75 + shift + 0.4 * age, y: top + 0.3 * height, along: 1.95 + 0.3 * age, across: 2 + 0.3 * age, depth: 3.2, turn: 0),
            Part(x: 1.5 + shift, y: top + 0.47 * height, along: 4.4, across: 2.35, depth: 3.4, turn: 1.5),
            Part(x: -1.2 + shift, y: top + 0.33 * height, along: 5.6, across: 1.75 + 0.4 * age, depth: 3, turn: 1.57),
            Part(x: 0.6 + shift, y: top + 0.1 * height, along: 4.5, across: 2.5, depth: 3.6, turn: 1.57),
        ]
    }

    private static func edges(_ parts: [Part]) -> (left: Float, right: Float) {
        (parts.map { $0.x - $0.reach }.min() ?? 0, parts.map { $0.x + $0.reach }.max() ?? 0)
    }

    /// Centimetres of heart and of great vessels behind each pixel.
    func shadows(_ patient: PhantomPatient, side: Int) -> (heart: PhantomField, vessels: PhantomField) {
        (Self.shadow(chambers, patient, side: side, blend: 3), Self.shadow(vessels, patient, side: side, blend: 3.2))
    }

    private static func shadow(_ parts: [Part], _ patient: PhantomPatient, side: Int, blend: Float) -> PhantomField {
        var field = PhantomField(side: side, width: patient.width)
        for part in parts {
            let reach = max(part.along, part.across)
            let (c, s) = (cos(part.turn), sin(part.turn))
            let middle = patient.midline(part.y) + part.x
            field.paint(x: middle - reach...middle + reach, y: part.y - reach...part.y + reach) { pixel, x, y in
                let (dx, dy) = (x - middle, y - part.y)
                let (u, v) = ((dx * c + dy * s) / part.along, (dy * c - dx * s) / part.across)
                let inside = 1 - u * u - v * v
                guard inside > 0 else { return }
                let chord = 2 * part.depth * inside.squareRoot()
                pixel = pixel > 0 ? smoothMaximum(pixel, chord, blend) : chord
            }
        }
        return field
    }
}
