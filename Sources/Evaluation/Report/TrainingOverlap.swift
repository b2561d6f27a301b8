import Datasets
import Models

/// Whether a model has learnt from patients it is tested on.
public enum TrainingOverlap: Hashable, Sendable {
    /// The tested images' patients are in folds that the card says the model did not learn from.
    case none
    /// So many of the tested images, of so many patients, are in folds the model learnt from, as the card counts them.
    case learntFrom(images: Int, patients: Int, folds: [Int])
    /// The card or the dataset does not say.
    case unknown

    /// - Parameters:
    ///   - data: What the model's card says that it learnt from.
    ///   - dataset: The one tested on, whose folds are held to be those of the training.
    ///   - images: Those tested on.
    public init(_ data: ModelCard.TrainingData, dataset: Dataset, images: [DatasetImage]) {
        guard data.images > 0 else {
            self = .none
            return
        }
        guard !data.folds.isEmpty, !dataset.folds.isEmpty else {
            self = .unknown
            return
        }
        let learnt = images.filter { image in dataset.fold(of: image).map(data.folds.contains) ?? false }
        self =
            learnt.isEmpty
            ? .none
            : .learntFrom(
                images: learnt.count, patients: Set(learnt.map(\.patient)).count,
                folds: Set(learnt.compactMap { dataset.fold(of: $0) }).sorted())
    }

    /// For the report; `nil` where there is nothing to say.
    public var warning: EvaluationReport.Warning? {
        switch self {
        case .none: nil
        case .learntFrom(let images, let patients, let folds):
            EvaluationReport.Warning(
                .danger,
                "the model has learnt from \(patients) of the tested patients (\(images) images, fold\(folds.count == 1 ? "" : "s") "
                    + "\(folds.map(String.init).joined(separator: ", ")) of its training data): these figures say nothing about new patients")
        case .unknown:
            EvaluationReport.Warning(
                .note,
                "whether the model has learnt from any of these patients cannot be told: its card or the dataset names no folds")
        }
    }
}
