extension ModelCard {
    /// How the scores of one finding become probabilities, and what that was fitted on.
    public struct Calibration: Codable, Hashable, Sendable {
        /// What a score is given to.
        public enum Subject: String, Codable, Sendable {
            /// The probability that a box lies on the finding.
            case box
            /// The probability that the image shows the finding.
            case image
        }

        /// Its name in the label map.
        public var finding: String
        public var subject: Subject
        public var curve: ScoreCalibration
        /// Which images it was fitted on, such as `fold 1`: none that the model learnt from.
        public var split: String
        /// Boxes or images it was fitted on.
        public var examples: Int
        /// How many of them are true.
        public var positives: Int

        public init(finding: String, subject: Subject, curve: ScoreCalibration, split: String, examples: Int, positives: Int) {
            self.finding = finding
            self.subject = subject
            self.curve = curve
            self.split = split
            self.examples = examples
            self.positives = positives
        }
    }
}

extension Sequence<ModelCard.Calibration> {
    /// The first for a finding's boxes, or for whole images.
    public func curve(for finding: String, _ subject: ModelCard.Calibration.Subject) -> ScoreCalibration? {
        first { $0.finding == finding && $0.subject == subject }?.curve
    }
}
