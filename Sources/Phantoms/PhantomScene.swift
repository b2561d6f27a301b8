import Basics
import Findings
import Foundation
import Geometry
import Radiographs

/// One patient's chest with everything in it, ready to be exposed.
struct PhantomScene: Sendable {
    let patient: PhantomPatient
    /// Centimetres of lung behind each pixel, the heart's and the great vessels' part taken out.
    let lungs: PhantomField
    /// Where the heart can be seen, in pixels.
    let heart: Box
    /// The structures' places, one of `AnatomyBits` or several a pixel, row-major; empty where they were not asked for.
    let anatomy: [UInt8]
    private let total: PhantomField
    private let blood: PhantomField
    private let texture: PhantomNoise
    private let coarse: PhantomNoise

    init(_ patient: PhantomPatient, side: Int, hasAnatomy: Bool = false, _ random: inout SeededGenerator) {
        self.patient = patient
        let thorax = PhantomThorax(patient: patient)
        let heart = PhantomHeart(patient, &random).shadows(patient, side: side)
        let vessels = PhantomVessels(patient: patient)
        var total = thorax.body(side: side, &random)
        var lungs = thorax.lungs(side: side)
        blood = vessels.blood(side: side, &random)
        let airways = vessels.airways(side: side)
        let (bones, clavicles) = PhantomSkeleton(patient: patient).bones(side: side, &random)
        anatomy =
            hasAnatomy
            ? PhantomAnatomy(patient: patient).bits(lungs: lungs, heart: heart.heart, vessels: heart.vessels, clavicles: clavicles) : []
        texture = PhantomNoise(cell: 0.32, width: patient.width, &random)
        coarse = PhantomNoise(cell: 2.2, width: patient.width, &random)
        lungs.values.withUnsafeMutableBufferPointer { lungs in
            total.values.withUnsafeMutableBufferPointer { total in
                for index in 0..<lungs.count {
                    let shadow = max(heart.heart.values[index], heart.vessels.values[index])
                    lungs[index] = max(0, lungs[index] - shadow)
                    let body = total[index]
                    // Bone in thin flesh would stand out from nothing.
                    total[index] = body + bones.values[index] * min(1, body * 0.14) - 1.1 * airways.values[index]
                }
            }
        }
        Self.addGas(patient, to: &total, &random)
        PhantomMarker.draw(patient, on: &total, &random)
        self.total = total
        self.lungs = lungs
        self.heart = heart.heart.box() ?? Box(x: 0, y: 0, width: 0, height: 0)
    }

    /// Air in the stomach below the left dome, level below where the patient stands.
    private static func addGas(_ patient: PhantomPatient, to total: inout PhantomField, _ random: inout SeededGenerator) {
        let (rx, ry) = (Float(random.uniform(2...3.4)), Float(random.uniform(1...2)))
        let x = Float(random.uniform(5...7.5))
        guard patient.hasStomachBubble else { return }
        let y = patient.diaphragm(x, 1) + ry + Float(random.uniform(0.7...1.3))
        let middle = patient.midline(y) + x
        let level = patient.isAnteroposterior ? 2 * ry : Float(random.uniform(0.1...0.9)) * ry
        total.paint(x: middle - rx...middle + rx, y: y - ry...y + ry) { pixel, px, py in
            let (u, v) = ((px - middle) / rx, (py - y) / ry)
            let inside = 1 - u * u - v * v
            guard inside > 0 else { return }
            pixel -= 5.5 * inside.squareRoot() * smoothStep(0, 0.3, inside) * (1 - smoothStep(level - 0.1, level + 0.1, py - y))
        }
    }

    /// Centimetres of water behind each pixel of the patient with healthy lungs.
    func density() -> PhantomField {
        var field = total
        add([], to: &field, rows: 0..<field.side, columns: 0..<field.side)
        return field
    }

    /// The same with lesions.
    /// - Parameters:
    ///   - healthy: What `density()` gave.
    ///   - box: In pixels; nothing of the lesions lies outside.
    func density(_ healthy: PhantomField, with opacities: [PhantomOpacity], in box: Box) -> PhantomField {
        var field = healthy
        let (rows, columns) = (Int(box.y)..<Int(box.maxY), Int(box.x)..<Int(box.maxX))
        for row in rows {
            for column in columns { field.values[row * field.side + column] = total.values[row * field.side + column] }
        }
        add(opacities, to: &field, rows: rows, columns: columns)
        return field
    }

    /// Takes the lungs' air out of the body, and puts vessels and lesions in.
    private func add(_ opacities: [PhantomOpacity], to field: inout PhantomField, rows: Range<Int>, columns: Range<Int>) {
        let (side, density) = (field.side, patient.lungDensity)
        let step = 1 / field.pixelsPerCentimetre
        field.values.withUnsafeMutableBufferPointer { target in
            lungs.values.withUnsafeBufferPointer { lungs in
                blood.values.withUnsafeBufferPointer { blood in
                    for row in rows {
                        let y = (Float(row) + 0.5) * step
                        for column in columns {
                            let index = row * side + column
                            let lung = lungs[index]
                            guard lung > 0 else { continue }
                            let x = (Float(column) + 0.5) * step
                            let grain = 1 + 0.14 * texture(x, y) + 0.1 * coarse(x, y)
                            var (water, share, vessels) = (Float(0), density * grain, min(1, lung * 0.22) * blood[index])
                            for opacity in opacities {
                                water = min(lung * 0.97, water + opacity.water.values[index])
                                vessels *= opacity.vesselsLeft.values[index]
                                if let air = opacity.air { share *= 1 - air.values[index] }
                            }
                            target[index] += water + vessels * 1.5 - lung + (lung - water) * share
                        }
                    }
                }
            }
        }
    }
}
