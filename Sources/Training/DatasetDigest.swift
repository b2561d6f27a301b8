import Crypto
import Datasets
import Findings
import Foundation

extension Dataset {
    /// SHA-256 over what a model learnt from: each image's bytes, patient and boxes, in the order of their names. Two datasets with the
    /// same digest teach the same.
    /// - Throws: `DatasetError` naming an image that cannot be read.
    func digest(of images: [DatasetImage]) throws -> String {
        var all = SHA256()
        for image in images.sorted(by: { $0.fileName < $1.fileName }) {
            let bytes = try encodedImage(of: image)
            let boxes = image.boxes.map { "\($0.classID) \($0.box.x) \($0.box.y) \($0.box.width) \($0.box.height)" }
            let line =
                ([image.stem, image.patient, Self.hexadecimal(SHA256.hash(data: bytes))] + boxes.sorted()).joined(separator: "\n") + "\n"
            all.update(data: Data(line.utf8))
        }
        return Self.hexadecimal(all.finalize())
    }

    private static func hexadecimal(_ digest: SHA256.Digest) -> String { digest.map { String(format: "%02x", $0) }.joined() }
}
