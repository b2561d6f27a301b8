import Basics
import Foundation
import Geometry
import Results

/// Results to make resources of.
enum Samples {
    static let model = ResultReader.Model(name: "nih8-fast", version: "1.2.0", digest: String(repeating: "ab", count: 32))

    static func images(_ count: Int = 1, doubt: String? = nil, wasRead: Bool = true) -> [ResultImage] {
        (1...count).map {
            ResultImage(
                sopInstanceUID: "1.2.826.0.1.3680043.8.498.\($0)", sopClassUID: "1.2.840.10008.5.1.4.1.1.1.1",
                seriesInstanceUID: "1.2.3.\(($0 + 1) / 2)",
                modality: "DX", view: "PA", columns: 2_048, rows: 2_500, frame: $0 == 2 ? 3 : nil, doubt: doubt, wasRead: wasRead)
        }
    }

    static func findings(_ images: [ResultImage]) -> [ResultFinding] {
        let image = images[0].sopInstanceUID
        return [
            ResultFinding(
                id: "1", label: "Effusion", image: image, box: Box(x: 0.1, y: 1_203.25, width: 300.7, height: 1 / 3), score: 0.1 + 0.2,
                probability: 0.873,
                place: .init(zone: .lower, side: .left)),
            ResultFinding(
                id: "2", label: "Infiltration", image: image, box: Box(x: -0.5, y: 0, width: 2_048, height: 2_500), score: 0.29,
                place: .init(zone: nil, side: .both),
                alternativeTo: "1"),
            ResultFinding(
                id: "3", label: "Bird's nest <&> \"?\"", image: image, box: Box(x: 1e-7, y: 2, width: 3e5, height: 4), decision: .added),
            ResultFinding(
                id: "4", label: "Mass", image: image, box: Box(x: 1, y: 2, width: 3, height: 4), score: 1,
                place: .init(zone: .upper, side: nil), decision: .moved),
        ]
    }

    static func result(
        _ status: StudyResult.Status = .preliminary, findings: [ResultFinding]? = nil, images: [ResultImage] = Samples.images(3),
        patient: PatientIdentity = PatientIdentity(
            name: "DÖE^JANE^^Dr", id: "PAT|1,2", issuer: "CLINIC", birthDate: "1970-02-28", sex: "F"),
        person: String? = nil,
        order: ResultOrder? = ResultOrder(placerNumber: "P-1", fillerNumber: "F 2", indication: "cough", visitNumber: "V1")
    ) -> StudyResult {
        StudyResult(
            identifier: "r\(status.rawValue)", revision: 7, status: status, issued: Date(timeIntervalSince1970: 1_796_040_000),
            reader: ResultReader(model: model, person: person), patient: patient,
            study: ResultStudy(
                uid: "1.2.826.0.1.3680043.8.498.99", date: "2026-11-30", accessionNumber: "A\\1", description: "Thorax pa", modality: "DX",
                received: Date(timeIntervalSince1970: 1_796_039_000)),
            order: order, images: images, findings: findings ?? Samples.findings(images), text: "Erguss links.\nKein Pneumothorax.",
            language: "de",
            link: "https://reading.example/study/17", isUrgent: status == .preliminary)
    }

    /// A drawn result.
    static func drawn(_ random: inout SeededGenerator) -> StudyResult {
        let images = images(Int.random(in: 1...4, using: &random), doubt: Bool.random(using: &random) ? "cut off" : nil)
        let labels = [
            "Atelectasis", "cardiomegaly", "Effusion", "Infiltrate", "Mass", "Nodule", "Pneumonia", "Pneumothorax", "Clip", "Herz groß",
            "Pleural thickening",
        ]
        let count = Int.random(in: 0...5, using: &random)
        let findings = (0..<count).map { place -> ResultFinding in
            func number(_ most: Double) -> Double { Double.random(in: 0...most, using: &random) }
            return ResultFinding(
                id: "f\(place)", label: labels.randomElement(using: &random) ?? "Mass",
                image: images.randomElement(using: &random)?.sopInstanceUID ?? "1.2",
                box: Box(x: number(2_000) - 10, y: number(2_000), width: number(500), height: number(1e-3)),
                score: Bool.random(using: &random) ? number(1) : nil, probability: Bool.random(using: &random) ? number(1) : nil,
                place: Bool.random(using: &random)
                    ? .init(
                        zone: ([nil] + ResultFinding.Place.Zone.allCases).randomElement(using: &random) ?? nil,
                        side: ([nil] + ResultFinding.Place.Side.allCases).randomElement(using: &random) ?? nil)
                    : nil, alternativeTo: place > 0 && Bool.random(using: &random) ? "f0" : nil,
                decision: Bool.random(using: &random) ? ResultFinding.Decision.allCases.randomElement(using: &random) : nil)
        }
        var result = result(
            StudyResult.Status.allCases.randomElement(using: &random) ?? .final, findings: findings, images: images,
            person: Bool.random(using: &random) ? "reader.one" : nil)
        if Bool.random(using: &random) { result.patient = PatientIdentity() }
        if Bool.random(using: &random) { result.order = nil }
        if Bool.random(using: &random) { result.reader.model = nil }
        if Bool.random(using: &random) { result.text = "" }
        return result
    }
}
