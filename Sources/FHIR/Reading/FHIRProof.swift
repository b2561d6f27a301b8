import Foundation
import Results
import Terminology

/// Compares what a bundle says with the result that it was made of.
public struct FHIRProof: Sendable {
    private let reader: FHIRReader
    private let options: FHIROptions

    public init(_ options: FHIROptions = FHIROptions(), terminology: Terminology = .standard) {
        (reader, self.options) = (FHIRReader(options, terminology: terminology), options)
    }

    /// Each difference in one phrase, without values; none where the bundle says the same.
    /// - Throws: `FHIRError` where the bundle cannot be read.
    public func differences(_ data: Data, from result: StudyResult) throws -> [String] {
        let reading = try reader.read(data)
        var differences: [String] = []
        func compare(_ same: Bool, _ name: String) { if !same { differences.append(name) } }
        compare(reading.identifier == result.identifier, "the result's identifier")
        compare(reading.study == result.study.uid, "the study")
        let status: R4.ReportStatus =
            switch result.status {
            case .preliminary: .preliminary
            case .final: .final
            case .amended: options.saysCorrected ? .corrected : .amended
            }
        compare(reading.status == status, "the status")
        compare(reading.issued == R4.Instant(result.issued), "when it was issued")
        compare(reading.patient == PlainText.line(result.patient.id), "the patient's number")
        compare(reading.model == result.reader.model?.digest, "the model")
        compare(reading.conclusion?.contains(StudyResult.notice) == true, "the notice")
        let isSilent = result.findings.isEmpty && !result.images.isEmpty && result.images.allSatisfy { $0.wasRead && $0.doubt == nil }
        compare(reading.saysNothingFound == isSilent, "whether nothing was found")
        let ratios = result.images.filter { $0.ratio != nil }
        let areRatiosTold =
            reading.ratios.count == ratios.count
            && zip(reading.ratios, ratios).allSatisfy { $0.image == $1.sopInstanceUID && $1.ratio?.isNear($0.ratio) == true }
        compare(areRatiosTold, "the cardiothoracic ratios")
        compare(reading.findings.count == result.findings.count, "the number of findings")
        for (read, meant) in zip(reading.findings, result.findings) {
            var meant = meant
            if meant.place?.zone == nil, meant.place?.side == nil { meant.place = nil }
            compare(read.id == meant.id, "a finding's id")
            compare(read.label == meant.label, "the label of finding \(meant.id)")
            compare(read.image == meant.image, "the image of finding \(meant.id)")
            compare(read.box == meant.box, "the box of finding \(meant.id)")
            compare(read.score == meant.score && read.probability == meant.probability, "the score of finding \(meant.id)")
            compare(read.place == meant.place, "the place of finding \(meant.id)")
            compare(read.alternativeTo == meant.alternativeTo && read.decision == meant.decision, "the decision on finding \(meant.id)")
        }
        return differences
    }
}
