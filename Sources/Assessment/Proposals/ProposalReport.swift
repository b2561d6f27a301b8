import Datasets
import Detection
import Findings
import Inference

/// What a model proposed, for programs.
public struct ProposalReport: Encodable, Hashable, Sendable {
    /// The dataset's folder, as the user named it.
    public var out: String
    /// Those that the model looked at.
    public var images: Int
    /// Those of them that could not be read.
    public var failed: Int
    public var boxes: Int
    /// Boxes by the finding's name.
    public var findings: [String: Int]
    /// What the engine computed in.
    public var precision: String
    /// What was asked for.
    public var precisionRequested: String

    private enum CodingKeys: String, CodingKey {
        case out, images, failed, boxes, findings, precision
        case precisionRequested = "precision_requested"
    }

    public init(out: String, _ outcome: BoxProposing.Outcome, by detector: Detector, asked: DetectorLoader.Precision) {
        (self.out, precision, precisionRequested) = (out, detector.settings.precision.rawValue, asked.rawValue)
        (images, failed, boxes) = (outcome.images, outcome.failed, outcome.counts.reduce(0, +))
        findings = Dictionary(zip(outcome.dataset.findingClasses.map(\.name), outcome.counts)) { first, _ in first }
    }
}

extension BoxProposing.Outcome {
    /// How many boxes of which findings, in a line.
    public var text: String {
        let words = zip(dataset.findingClasses, counts).filter { $1 > 0 }.map { "\($1) of \($0.name)" }
        return "\(counts.reduce(0, +)) boxes proposed on \(images) images: \(words.joined(separator: ", "))"
    }
}
