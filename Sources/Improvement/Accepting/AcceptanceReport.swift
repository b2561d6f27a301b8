import ChangeGate
import Findings
import Foundation
import Models

/// What a site measured of a model on its own cases: what `pleura improve accept` writes, schema 1, and what its sheet shows.
public struct AcceptanceReport: Codable, Hashable, Sendable {
    /// One figure, here and on the model's card.
    public struct Figure: Codable, Hashable, Sendable {
        public var name: String
        public var here: Double
        public var hereLow: Double?
        public var hereHigh: Double?
        public var card: Double?
        public var cardLow: Double?
        public var cardHigh: Double?

        /// Whether the card's figure lies above all that chance would give here.
        public var isBelowTheCard: Bool { card.map { card in hereHigh.map { card > $0 } ?? false } ?? false }

        private enum CodingKeys: String, CodingKey {
            case name, here, card
            case hereLow = "here_low"
            case hereHigh = "here_high"
            case cardLow = "card_low"
            case cardHigh = "card_high"
        }
    }

    /// An image on which much went wrong.
    public struct Case: Codable, Hashable, Sendable {
        public var image: String
        public var missed: [String]
        public var wrong: [String]
        public var badness: Double
    }

    public var schema = 1
    public var notice = Notice.researchUseOnly
    public var created: String
    public var model: GateReport.Model
    public var dataset: String
    public var images: Int
    /// Images that could not be read.
    public var failed: Int
    public var patients: Int
    /// Whether a second run said the same, bit by bit.
    public var isRepeatable: Bool
    public var figures: [Figure]
    /// At the false boxes that the site is ready to look at.
    public var thresholds: [ModelCard.OperatingPoint]
    public var worst: [Case]
    /// Images with each finding.
    public var positives: [String: Int]
    /// What the cases lack of what is asked for.
    public var shortfalls: [String]

    private enum CodingKeys: String, CodingKey {
        case schema, notice, created, model, dataset, images, failed, patients, figures, thresholds, worst, positives, shortfalls
        case isRepeatable = "repeatable"
    }

    public var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self) + Data("\n".utf8)
        }
    }
}
