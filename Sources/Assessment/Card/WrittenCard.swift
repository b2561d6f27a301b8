import Basics
import Evaluation
import EvaluationReports
import Models

/// A card with new figures, and the bundle as it is now.
public struct WrittenCard: Sendable {
    public let card: ModelCard
    /// As it lies on the disk now, with its new digest.
    public let bundle: ModelBundle

    /// Writes a report's figures, operating points and calibrations into a bundle's card.
    /// - Throws: `AssessmentError` where the rules forbid it or the bundle cannot be written.
    init(
        _ report: EvaluationReport, into bundle: ModelBundle, overlap: TrainingOverlap, defaultThreshold: Double?
    ) throws(AssessmentError) {
        let name = bundle.card.name
        try CardRules.requireFigures(report, of: name, overlap: overlap)
        var card = report.filling(bundle.card)
        card.scoreThreshold = defaultThreshold ?? card.scoreThreshold
        self.bundle = try AssessmentError.about(name, status: .somethingMissing) { [card] in try bundle.replacing(card: card) }
        self.card = card
    }

    /// What is in the card now, in a line.
    public var text: String {
        "\(card.metrics.count) figures, \((card.operatingPoints ?? []).count) operating points and "
            + "\((card.calibrations ?? []).count) calibrations are in the card; the model's digest is now \(bundle.digest)"
    }
}
