import Evaluation
import EvaluationReports
import Models

/// What an assessment measured, and the card that may be written of it.
public struct AssessmentOutcome: Sendable {
    public let report: EvaluationReport
    /// What the report was made of, for pictures of its examples.
    public let input: EvaluationInput
    /// Whether some images could not be read, or some rows of predictions not used; each was told to the observer.
    public let hasFailures: Bool
    let card: CardRequest?
    let bundle: ModelBundle?
    let overlap: TrainingOverlap

    /// Writes the figures into the card that was asked for.
    /// - Returns: `nil` where none was.
    /// - Throws: `AssessmentError` where the model has learnt from these patients, the images give no operating point, or the bundle cannot
    ///   be written.
    public func writeCard() throws(AssessmentError) -> WrittenCard? {
        guard let card, let bundle else { return nil }
        return try WrittenCard(report, into: bundle, overlap: overlap, defaultThreshold: card.defaultThreshold)
    }
}
