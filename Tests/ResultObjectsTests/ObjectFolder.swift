import Foundation
import Geometry
import ResultObjects
import Results

/// A folder of one result's objects for validators of other makers: with the sources, and what is to be found.
enum ObjectFolder {
    /// What a validator is to find in a folder of objects.
    private struct Expected: Encodable {
        struct Finding: Encodable {
            var id: String
            var label: String
            var image: String
            var box: [Double]
            var score: Double?
        }
        var findings: [Finding]
        var images: [String: String?]
        var study: String
        var isSigned: Bool
        var masks: [[Int]]
    }

    static func write(_ objects: [ResultObject], of result: StudyResult, masks: [ResultMask], samples: [SourceSample], to folder: URL)
        throws
    {
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("sources"), withIntermediateDirectories: true)
        for object in objects { try object.bytes.write(to: folder.appendingPathComponent(object.fileName)) }
        for sample in samples {
            try sample.bytes?.write(to: folder.appendingPathComponent("sources/\(sample.image.sopInstanceUID).dcm"))
        }
        let expected = Expected(
            findings: result.findings.map {
                Expected.Finding(
                    id: $0.id, label: $0.label, image: $0.image, box: [$0.box.x, $0.box.y, $0.box.width, $0.box.height], score: $0.score)
            },
            images: Dictionary(result.images.map { ($0.sopInstanceUID, $0.sopClassUID) }) { first, _ in first }, study: result.study.uid,
            isSigned: result.isSigned, masks: masks.map { mask in mask.pixels.indices.filter { mask.pixels[$0] != 0 } })
        try JSONEncoder().encode(expected).write(to: folder.appendingPathComponent("expected.json"))
    }
}
