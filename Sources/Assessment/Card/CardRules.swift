import Datasets
import Evaluation
import EvaluationReports
import Models

/// When figures may be written into a model's card.
enum CardRules {
    private static let refusal = "its card is left as it was"

    /// Thresholds and calibrations are of one way from image to score: models that another recipe made say nothing of this one's.
    /// - Parameter scored: What the models of a cross-validation said.
    /// - Throws: `AssessmentError` of code `cardRefused` where the models are of another recipe, a fold has no model, or it cannot be told
    ///   what the models learnt from.
    static func requireOneRecipe(
        _ target: ModelBundle, _ scored: ScoredDetections, _ dataset: Dataset, allowsMissingFolds: Bool
    ) throws(AssessmentError) {
        let name = target.card.name
        guard scored.foldBundles.allSatisfy({ isOneRecipe($0, target) }) else {
            throw AssessmentError(.cardRefused, about: name, "\(refusal): the cross-validated models are of another recipe")
        }
        let missing = Set(dataset.folds.values).count - scored.foldBundles.count
        guard missing <= 0 || allowsMissingFolds else {
            throw AssessmentError(
                .cardRefused, about: name,
                "\(refusal): \(missing) of the dataset's folds have no model; --incomplete takes the others")
        }
        guard scored.overlap != .unknown else {
            throw AssessmentError(
                .cardRefused, about: name, "\(refusal): the cards of the cross-validated models do not say what they learnt from")
        }
    }

    private static func isOneRecipe(_ bundle: ModelBundle, _ other: ModelBundle) -> Bool {
        let (card, wanted) = (bundle.card, other.card)
        return card.architecture == wanted.architecture && card.inputSide == wanted.inputSide
            && card.preprocessing == wanted.preprocessing && card.suppression == wanted.suppression
            && bundle.labelMap == other.labelMap
    }

    /// - Throws: `AssessmentError` where the model has learnt from the tested patients, or the figures give nothing that a card holds.
    static func requireFigures(_ report: EvaluationReport, of name: String, overlap: TrainingOverlap) throws(AssessmentError) {
        if case .learntFrom = overlap {
            throw AssessmentError(.cardRefused, about: name, "\(refusal): the model has learnt from these patients")
        }
        guard !report.operatingPoints.isEmpty || !report.calibrations.isEmpty else {
            throw AssessmentError(.nothingForTheCard, about: name, "\(refusal): these images give no operating point")
        }
    }
}
