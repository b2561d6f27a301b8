import Findings
import Foundation
import Radiographs

/// Where the structures of a drawn chest are, by the shapes that it is drawn of.
///
/// As in the masks of the JSRT images (van Ginneken et al., Med Image Anal 2006): the lungs are the fields that can be seen, without the heart,
/// the great vessels and what lies behind the diaphragm; of the clavicles, only what lies within the chest.
struct PhantomAnatomy {
    let patient: PhantomPatient

    /// - Parameters:
    ///   - lungs: Centimetres of lung, the heart's part not taken out.
    ///   - clavicles: The lines along them, the picture's left one first.
    /// - Returns: `AnatomyBits`, row-major.
    func bits(
        lungs: PhantomField, heart: PhantomField, vessels: PhantomField, clavicles: [[PhantomStrokePoint]]
    ) -> [UInt8] {
        var bits = [UInt8](repeating: 0, count: lungs.values.count)
        let bones = clavicles.map { points in
            var field = PhantomField(side: lungs.side, width: patient.width)
            field.stroke(points) { _ in 1 }
            return field
        }
        let side = lungs.side
        for row in 0..<side {
            let y = lungs.place(row)
            let middle = patient.midline(y)
            for column in 0..<side {
                let index = row * side + column
                let x = lungs.place(column) - middle
                let sideways: PhantomPatient.Side = x < 0 ? -1 : 1
                if heart.values[index] > 0 { bits[index] |= AnatomyBits.heart }
                // The lungs' fields are drawn about a midline that a turned patient shifts.
                let lungX = x - 0.25 * patient.rotation
                let lungSide: PhantomPatient.Side = lungX < 0 ? -1 : 1
                if lungs.values[index] > 0, heart.values[index] <= 0, vessels.values[index] <= 0,
                    y <= patient.diaphragm(abs(lungX), lungSide)
                {
                    bits[index] |= lungX < 0 ? AnatomyBits.rightLung : AnatomyBits.leftLung
                }
                guard abs(x) < max(patient.outerEdge(y, sideways), 3) + 0.3 else { continue }
                for (bone, bit) in zip(bones, [AnatomyBits.rightClavicle, AnatomyBits.leftClavicle]) where bone.values[index] > 0 {
                    bits[index] |= bit
                }
            }
        }
        return bits
    }
}
