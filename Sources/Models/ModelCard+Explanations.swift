extension ModelCard {
    /// What a test said of one kind of map for one finding: whether the map may be shown, and why not.
    ///
    /// A map is shown where it beats a Gaussian drawn on the box, changes when the weights are made random, and comes out alike a second time.
    public struct ExplanationVerdict: Codable, Hashable, Sendable {
        /// Its name in the label map.
        public var finding: String
        /// Which map, such as `occlusion`.
        public var map: String
        public var isShown: Bool
        /// Why it is hidden, a sentence; `nil` where it is shown.
        public var reason: String?
        /// Detections it was measured on, each of another patient.
        public var detections: Int
        /// Area under insertion less that under deletion, as shares of the score: the mean of the map.
        public var insertionMinusDeletion: Double?
        /// The same of the Gaussian on the box.
        public var control: Double?
        /// The mean difference and its 95 percent interval over patients, drawn in pairs.
        public var difference: Double?
        public var differenceLow: Double?
        public var differenceHigh: Double?
        /// Two-sided, of no difference.
        public var pValue: Double?
        /// Mean structural similarity of the map and that of a network of random weights.
        public var randomisedSimilarity: Double?
        /// What it has to stay below: the mean over random pairs of the model's own maps.
        public var baselineSimilarity: Double?
        /// Median rank correlation of the maps of two halves of the runs.
        public var repeatability: Double?
        /// Median rank correlation with the map of another fill.
        public var otherFill: Double?
        /// Which images it was measured on, none that the model learnt from.
        public var split: String

        public init(finding: String, map: String, isShown: Bool, reason: String? = nil, detections: Int, split: String) {
            (self.finding, self.map, self.isShown, self.reason) = (finding, map, isShown, reason)
            (self.detections, self.split) = (detections, split)
        }

        private enum CodingKeys: String, CodingKey {
            case finding, map, reason, detections, control, difference, repeatability, split
            case isShown = "shown"
            case insertionMinusDeletion = "insertion_minus_deletion"
            case differenceLow = "difference_low"
            case differenceHigh = "difference_high"
            case pValue = "p_value"
            case randomisedSimilarity = "randomised_similarity"
            case baselineSimilarity = "baseline_similarity"
            case otherFill = "other_fill"
        }
    }

    /// Whether similar cases of a finding are shown, and the file that they come from.
    public struct SimilarCases: Codable, Hashable, Sendable {
        /// One finding's share of the bank.
        public struct Verdict: Codable, Hashable, Sendable {
            public var finding: String
            public var isShown: Bool
            /// Boxes of it in the bank.
            public var cases: Int
            /// Share of the five nearest of other patients that are of the same finding.
            public var purity: Double
            /// The finding's share of the bank: what the five would have by chance.
            public var prior: Double

            public init(finding: String, isShown: Bool, cases: Int, purity: Double, prior: Double) {
                (self.finding, self.isShown, self.cases, self.purity, self.prior) = (finding, isShown, cases, purity, prior)
            }

            private enum CodingKeys: String, CodingKey {
                case finding, cases, purity, prior
                case isShown = "shown"
            }
        }

        /// Beside the card.
        public var file: String
        /// SHA-256 of the file, in hexadecimal.
        public var digest: String
        public var verdicts: [Verdict]
        /// How purity was measured.
        public var split: String

        public init(file: String, digest: String, verdicts: [Verdict], split: String) {
            (self.file, self.digest, self.verdicts, self.split) = (file, digest, verdicts, split)
        }
    }
}

extension Sequence<ModelCard.ExplanationVerdict> {
    /// The verdict on a map of a finding; `nil` where it was not measured.
    public func verdict(on map: String, of finding: String) -> ModelCard.ExplanationVerdict? {
        first { $0.map == map && $0.finding == finding }
    }
}
