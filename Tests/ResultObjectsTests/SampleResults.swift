import Foundation
import Geometry
import PleuraTesting
import ResultObjects
import Results

/// Results of samples, by models and persons.
enum SampleResults {
    static let model = ResultReader.Model(name: "lungs", version: "1.2.0", digest: String(repeating: "0123456789abcdef", count: 4))
    static let issued = Date(timeIntervalSince1970: 1_764_525_600)  // 2025-11-30 18:00:00 UTC

    static func findings(on image: String) -> [ResultFinding] {
        [
            ResultFinding(
                id: "1", label: "Cardiomegaly", image: image, box: Box(x: 120.25, y: 150.5, width: 101.125, height: 90.75), score: 0.8734,
                probability: 0.71, place: ResultFinding.Place(zone: .lower, side: .both)),
            ResultFinding(
                id: "2", label: "Effusion", image: image, box: Box(x: 200, y: 190.5, width: 90.25, height: 70), score: 0.4311,
                place: ResultFinding.Place(zone: .lower, side: .left)),
            ResultFinding(
                id: "3", label: "Nodule", image: image, box: Box(x: 60.125, y: 60.0625, width: 21, height: 20.5), score: 0.9996,
                place: ResultFinding.Place(zone: .upper, side: .right)),
            ResultFinding(
                id: "4", label: "Mass", image: image, box: Box(x: 59, y: 60, width: 24, height: 22), score: 0.31,
                place: ResultFinding.Place(zone: .upper, side: .right), alternativeTo: "3"),
        ]
    }

    static func result(
        _ samples: [SourceSample], findings: [ResultFinding]? = nil, status: StudyResult.Status = .preliminary, person: String? = nil,
        text: String = "", language: String = "en"
    ) -> StudyResult {
        StudyResult(
            identifier: "reading" + (samples.first?.name ?? ""), revision: 3, status: status, issued: issued,
            reader: ResultReader(model: model, person: person), patient: samples.first?.patient ?? PatientIdentity(),
            study: ResultStudy(uid: samples.first?.study ?? "1.2", received: issued), images: samples.map(\.image),
            findings: findings ?? (samples.first.map { self.findings(on: $0.image.sopInstanceUID) } ?? []), text: text, language: language)
    }

    /// Samples as images of one study.
    static func study(_ names: [String]) throws -> [SourceSample] {
        let study = SourceSamples.uid(names[0], "study")
        return names.map { name in
            var made = SourceSamples.sample(name, frames: 1) {
                $0.set(0x0020, 0x000D, "UI", study)
                $0.set(0x0010, 0x0020, "LO", "P-1")
            }
            made.study = study
            return made
        }
    }

    static func sources(_ samples: [SourceSample]) -> [String: Data] {
        Dictionary(samples.compactMap { sample in sample.bytes.map { (sample.image.sopInstanceUID, $0) } }) { first, _ in first }
    }

    /// A filled ellipse in a box.
    static func mask(_ label: String, on image: ResultImage, box: Box) -> ResultMask {
        let pixels = (0..<image.rows * image.columns).map { place -> UInt8 in
            let (x, y) = (Double(place % image.columns) + 0.5, Double(place / image.columns) + 0.5)
            return hypot((x - box.centerX) / (box.width / 2), (y - box.centerY) / (box.height / 2)) <= 1 ? 1 : 0
        }
        return ResultMask(label: label, image: image.sopInstanceUID, rows: image.rows, columns: image.columns, pixels: pixels)
    }
}
