import Datasets
import Evaluation

/// A detector's results, ready to be scored, and what is wrong with them.
public struct CheckedPredictions: Sendable {
    /// The images with their truth and with the detections that can be scored.
    public var images: [EvaluatedImage]
    /// One line each, by row. Rows that are left out, rows that are scored though they look wrong, and what the figures will lack.
    public var problems: ProblemList
    /// How many rows are scored.
    public var used: Int
    /// How many are not.
    public var leftOut: Int
}
