import Evaluation
import Models

extension EvaluationReport {
    /// What a detector finds on one source's images, of the findings that this source is complete for.
    public struct SourceFigures: Codable, Hashable, Sendable {
        public var source: String
        /// Of the scored images, those that name the source.
        public var images: Int
        /// By label; only findings that the source is complete for on some image.
        public var findings: [String: Finding]

        /// One finding on one source's images.
        public struct Finding: Codable, Hashable, Sendable {
            /// COCO average precision at IoU 0.50; left out where there is no box.
            public var ap50: Double?
            /// Boxes.
            public var n: Int
            /// Images on which the source is complete for it.
            public var images: Int
        }
    }

    /// On how many images a finding was scored.
    public struct FindingCoverage: Codable, Hashable, Sendable {
        /// Images of a source that is complete for it.
        public var images: Int
        /// The others: what is not known there is not taken as absent.
        public var leftOut: Int

        private enum CodingKeys: String, CodingKey {
            case images
            case leftOut = "left_out"
        }
    }
}
