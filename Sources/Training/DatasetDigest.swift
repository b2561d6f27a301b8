import Basics
import Datasets
import Findings
import Foundation
import Geometry

extension Dataset {
    /// SHA-256 over what a model learnt from: each image's bytes, patient and boxes, in the order of their names; where there are sources,
    /// what they say. Two datasets with the same digest teach the same. An image that is not there teaches nothing and is not part of it.
    func digest(of images: [DatasetImage]) -> String {
        var all = Digest.Builder()
        for image in images.sorted(by: { $0.fileName < $1.fileName }) {
            guard let bytes = try? encodedImage(of: image) else { continue }
            let boxes = image.boxes.map { "\($0.classID) \($0.box.x) \($0.box.y) \($0.box.width) \($0.box.height)" }
            let said = sources.isEmpty ? [] : Self.sourceLines(of: image)
            let line =
                ([image.stem, image.patient, Digest(of: bytes).hexadecimal] + boxes.sorted() + said).joined(separator: "\n") + "\n"
            all.update(Data(line.utf8))
        }
        if !sources.isEmpty { all.update(Data(sourceLines.joined(separator: "\n").utf8)) }
        return all.digest.hexadecimal
    }

    /// The same of images with their masks.
    func digest(ofMasked images: [DatasetImage]) -> String {
        var all = Digest.Builder()
        for image in images.sorted(by: { $0.fileName < $1.fileName }) {
            guard let bytes = try? encodedImage(of: image), let mask = try? Data(contentsOf: maskURL(of: image)) else { continue }
            let parts = [image.stem, image.patient, Digest(of: bytes).hexadecimal, Digest(of: mask).hexadecimal]
            all.update(Data((parts.joined(separator: "\n") + "\n").utf8))
        }
        return all.digest.hexadecimal
    }
}
