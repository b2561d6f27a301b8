import Evaluation
import Findings

extension EvaluationReport {
    /// Whole images ranked, in one part of them.
    public struct ImageLevel: Codable, Hashable, Sendable {
        public var any: ImageLevelFigure
        /// By label.
        public var findings: [String: ImageLevelFigure]
        /// How well `AP or not` alone tells the abnormal from the normal; left out where all views are one.
        public var viewAlone: ImageLevelFigure?

        private enum CodingKeys: String, CodingKey {
            case any, findings
            case viewAlone = "view_alone"
        }
    }

    /// How far scores are from probabilities, for boxes or for whole images.
    public struct CalibrationFigures: Codable, Hashable, Sendable {
        /// One way to read a score as a probability.
        public struct Reading: Codable, Hashable, Sendable {
            /// `score`, `platt` or `isotonic`.
            public var method: String
            public var expectedCalibrationError: Double?
            public var brierScore: ReportedFigure
            public var bins: [ReliabilityBin]

            private enum CodingKeys: String, CodingKey {
                case method, bins
                case expectedCalibrationError = "ece"
                case brierScore = "brier"
            }
        }

        /// `box` or `image`.
        public var subject: String
        public var examples: Int
        public var positives: Int
        /// Of the score itself, then of both fitted ones, each fitted on other patients than it is judged on.
        public var readings: [Reading]
        /// Findings that could not be fitted, with the reason.
        public var notFitted: [String: String]

        private enum CodingKeys: String, CodingKey {
            case subject, examples, positives, readings
            case notFitted = "not_fitted"
        }
    }

    /// The one figure of subgroups of which less is better.
    static let falseBoxesFigure = "false_boxes_per_image"

    /// One figure in parts of the images.
    public struct Subgroups: Codable, Hashable, Sendable {
        /// What is compared, such as `map50`.
        public var figure: String
        public var comparison: SubgroupComparison
    }

    /// A box that shows what the detector does wrong.
    public struct Example: Codable, Hashable, Sendable {
        public enum Kind: String, Codable, Sendable {
            case falseBox = "false"
            case missed
        }

        public var kind: Kind
        /// The image's file name without its suffix.
        public var image: String
        public var label: String
        /// x, y, width, height in pixels of the original image.
        public var box: [Double]
        /// Of a false box: its place among the image's detections, from 0.
        public var detection: Int?
        /// Of a false box; of a missed one, the highest score of a box that would have found it, if there is one.
        public var score: Double?
        /// What is wrong, in a few words.
        public var reason: String
    }

    /// Points of curves, for whoever draws them.
    public struct Curves: Codable, Hashable, Sendable {
        /// By label: precision at the recalls 0, 0.01, … 1 (IoU 0.5).
        public var precision: [String: [Double]]
        /// By label: false boxes an image and the sensitivity there, up to eight an image.
        public var froc: [String: [FreeResponseStep]]
    }

    /// A point of a free-response curve.
    public struct FreeResponseStep: Codable, Hashable, Sendable {
        public var falseBoxesPerImage: Double
        public var sensitivity: Double
        public var score: Double

        private enum CodingKeys: String, CodingKey {
            case sensitivity, score
            case falseBoxesPerImage = "false_boxes_per_image"
        }
    }
}
