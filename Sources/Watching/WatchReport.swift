import Findings
import Foundation

/// What was watched, device by device and week by week: what `pleura improve watch` writes, schema 1. No patient and no image is named.
public struct WatchReport: Codable, Hashable, Sendable {
    /// One figure of one batch.
    public struct Figure: Codable, Hashable, Sendable {
        public var name: String
        public var mean: Double
        /// Kolmogorov and Smirnov's distance from what is usual.
        public var distance: Double
        /// Of a distance as large, where nothing has changed.
        public var probability: Double
        public var isUnusual: Bool

        private enum CodingKeys: String, CodingKey {
            case name, mean, distance, probability
            case isUnusual = "unusual"
        }
    }

    /// One week of a device, or several where there were few images.
    public struct Batch: Codable, Hashable, Sendable {
        /// The day on which it begins, `YYYY-MM-DD`.
        public var begins: String
        public var images: Int
        public var figures: [Figure]
        public var accepted: Int
        public var decided: Int
    }

    /// A header's element that changed.
    public struct Change: Codable, Hashable, Sendable {
        public var tag: String
        public var before: String
        public var after: String
        /// The first image with it, `YYYY-MM-DD`.
        public var day: String
    }

    public struct Alarm: Codable, Hashable, Sendable {
        public var device: String
        /// The beginning of the batch that completed it; of acceptance, the day.
        public var day: String
        /// Figures that were unusual; `acceptance` for the sum of what readers reject.
        public var figures: [String]
        /// What changed first; `nil` where no tag did.
        public var change: Change?
    }

    public struct Device: Codable, Hashable, Sendable {
        public var name: String
        public var images: Int
        /// Of what is usual.
        public var usualImages: Int
        public var usual: [String: Double]
        public var usualAcceptance: Double?
        public var batches: [Batch]

        private enum CodingKeys: String, CodingKey {
            case name, images, usual, batches
            case usualImages = "usual_images"
            case usualAcceptance = "usual_acceptance"
        }
    }

    public var schema = 1
    public var notice = Notice.researchUseOnly
    public var settings: WatchSettings
    public var devices: [Device]
    public var alarms: [Alarm]
    /// Devices of which there are too few images yet, with how many there are.
    public var waiting: [String: Int]

    public var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self) + Data("\n".utf8)
        }
    }
}
