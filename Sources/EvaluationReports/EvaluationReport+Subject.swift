import Evaluation
import Findings

extension EvaluationReport {
    /// What was scored: a model, or some tool's predictions.
    public struct Subject: Codable, Hashable, Sendable {
        /// `model` or `predictions`.
        public var kind = "predictions"
        /// The model's name, or that of the file.
        public var name = ""
        public var version: String?
        /// SHA-256 of the model bundle or of the file of predictions, in hexadecimal.
        public var digest: String?
        /// What the engine computed in.
        public var precision: String?
        /// What was asked for, in words of `--precision`: the processor may not have it.
        public var precisionRequested: String?
        /// Of a file of predictions: how it was read, how many rows were scored and how many left out.
        public var format: String?
        public var rowsUsed: Int?
        public var rowsLeftOut: Int?
        /// Of the images the model learnt from: their digest, as its card has it, and their folds.
        public var trainingDigest: String?
        public var trainingFolds: [Int]?
        /// Findings that the model's card calls experimental; left out where there are none.
        public var experimental: [String]?

        public init() {}

        private enum CodingKeys: String, CodingKey {
            case kind, name, version, digest, precision, format, experimental
            case precisionRequested = "precision_requested"
            case rowsUsed = "rows_used"
            case rowsLeftOut = "rows_left_out"
            case trainingDigest = "training_digest"
            case trainingFolds = "training_folds"
        }
    }

    /// A finding as people are told of it: with `(experimental)` behind it where the model's card says so.
    public func title(of label: String) -> String {
        subject.experimental?.contains(label) == true ? FindingClass.experimentalTitle(label) : label
    }

    /// One sentence for the reader.
    public struct Warning: Codable, Hashable, Sendable {
        public enum Severity: String, Codable, Sendable {
            /// The figures cannot be believed.
            case danger
            /// The figures need this to be understood.
            case note
        }

        public var severity: Severity
        public var text: String

        public init(_ severity: Severity, _ text: String) {
            self.severity = severity
            self.text = text
        }
    }
}
