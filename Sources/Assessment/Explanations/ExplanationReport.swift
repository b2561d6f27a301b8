import Basics
import Explanations
import Foundation
import Models

/// What the test of a model's maps said.
public struct ExplanationReport: Codable, Sendable {
    /// One map's measurements, without patients.
    public struct Anonymous: Codable, Sendable {
        public var insertionMinusDeletion: Double
        public var control: Double
        public var repeatability: Double
        public var otherFill: Double?
        public var randomised: [Double]?

        init(_ one: MapMeasurement) {
            func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
            (insertionMinusDeletion, control) = (rounded(one.insertionMinusDeletion), rounded(one.control))
            (repeatability, otherFill) = (rounded(one.repeatability), one.otherFill.map(rounded))
            randomised = one.randomised?.map(rounded)
        }

        private enum CodingKeys: String, CodingKey {
            case control, repeatability, randomised
            case insertionMinusDeletion = "insertion_minus_deletion"
            case otherFill = "other_fill"
        }
    }

    /// All of one finding's.
    public struct Measurements: Codable, Sendable {
        public var finding: String
        public var map: String
        public var detections: [Anonymous]
    }

    public var model: String
    public var version: String
    public var digest: String
    public var precision: String
    public var dataset: String
    public var split: String
    /// Looked at for detections.
    public var images: Int
    public var verdicts: [ModelCard.ExplanationVerdict] = []
    public var measurements: [Measurements] = []
    /// Runs of the network, and how long they and what follows them took.
    public var runs = 0
    public var seconds = 0.0
    /// Detections that could not be measured.
    public var failed = 0
    /// Whether it is known that the model did not learn from these patients.
    public var isUnseen = true

    init(model: String, version: String, digest: String, precision: String, dataset: String, split: String, images: Int) {
        (self.model, self.version, self.digest, self.precision) = (model, version, digest, precision)
        (self.dataset, self.split, self.images) = (dataset, split, images)
    }

    private enum CodingKeys: String, CodingKey {
        case model, version, digest, precision, dataset, split, images, verdicts, measurements, runs, seconds, failed
        case isUnseen = "unseen"
    }

    /// A table for a terminal.
    public var text: String {
        func number(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "-" }
        let head = ["finding", "map", "n", "map", "control", "difference", "p", "random", "limit", "halves", "fill", "verdict"]
        let rows = verdicts.map { verdict in
            let low = verdict.differenceLow.map { number($0) } ?? "-"
            return [
                verdict.finding, verdict.map, "\(verdict.detections)", number(verdict.insertionMinusDeletion), number(verdict.control),
                "\(number(verdict.difference)) (\(low) to \(number(verdict.differenceHigh)))",
                verdict.pValue.map { String(format: "%.3f", $0) } ?? "-", number(verdict.randomisedSimilarity),
                number(verdict.baselineSimilarity), number(verdict.repeatability), number(verdict.otherFill),
                verdict.isShown ? "shown" : "hidden: \(verdict.reason ?? "")",
            ]
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        let lines = ([head] + rows).map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
                .replacing(#/\s+$/#, with: "")
        }
        let footer =
            "\nmap, control: area under insertion less that under deletion, as shares of the score; control: a Gaussian on the box.\n"
            + "random: similarity with the map of a network of random weights, which must stay below the limit. Research use only.\n"
            + "\(split); \(runs) runs in \(seconds) s.\n"
        return lines.joined(separator: "\n") + "\n" + footer
    }

    /// Writes the verdicts into the model's card.
    /// - Throws: `AssessmentError` where it is not known whether the model learnt from these patients, or the bundle cannot be written.
    public func writeCard(of bundle: ModelBundle) throws(AssessmentError) -> ModelBundle {
        guard isUnseen else {
            throw AssessmentError(
                .cardRefused, about: bundle.card.name,
                "its card is left as it was: it cannot be told whether the model learnt from these patients")
        }
        var card = bundle.card
        let kinds = Set(verdicts.map(\.map))
        card.explanations = (card.explanations ?? []).filter { !kinds.contains($0.map) } + verdicts
        return try AssessmentError.about(bundle.card.name, status: .somethingMissing) { [card] in try bundle.replacing(card: card) }
    }
}
