import Datasets
import Evaluation
import Models

/// Whether a model has learnt from patients it is tested on.
public enum TrainingOverlap: Hashable, Sendable {
    /// None of the tested images' patients is among those that the card says the model learnt from.
    case none
    /// So many of the tested images are of so many patients that the model learnt from. The folds are those that told, of a card that does
    /// not tell patients.
    case learntFrom(images: Int, patients: Int, folds: [Int])
    /// The card does not say.
    case unknown

    /// - Parameters:
    ///   - data: What the model's card says that it learnt from.
    ///   - dataset: The one tested on. Where the card does not tell patients, its folds are held to be those of the training.
    ///   - images: Those tested on.
    public init(_ data: ModelCard.TrainingData, dataset: Dataset, images: [DatasetImage]) {
        guard data.images > 0 else {
            self = .none
            return
        }
        if let text = data.patientDigests {
            guard let digests = PatientDigests(text: text, salt: data.digest) else {
                self = .unknown
                return
            }
            let learnt = images.filter { digests.contains($0.patient) }
            self = learnt.isEmpty ? .none : .learntFrom(images: learnt.count, patients: Set(learnt.map(\.patient)).count, folds: [])
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

    /// - Parameter bundle: Of an ensemble, whatever any member learnt from counts.
    public init(_ bundle: ModelBundle, dataset: Dataset, images: [DatasetImage]) {
        let cards = bundle.ensemble?.members.map(\.bundle.card) ?? [bundle.card]
        let all = cards.map { TrainingOverlap($0.trainingData, dataset: dataset, images: images) }
        self = all.max { $0.severity < $1.severity } ?? .unknown
    }

    /// The images learnt from; what is not known counts more than nothing.
    private var severity: Int {
        switch self {
        case .none: 0
        case .unknown: 1
        case .learntFrom(let images, _, _): 1 + images
        }
    }

    /// For the report; `nil` where there is nothing to say.
    public var warning: EvaluationReport.Warning? {
        switch self {
        case .none: nil
        case .learntFrom(let images, let patients, let folds):
            EvaluationReport.Warning(
                .danger,
                "the model has learnt from \(patients) of the tested patients (\(images) image\(images == 1 ? "" : "s")\(Self.text(folds))): "
                    + "these figures say nothing about new patients")
        case .unknown:
            EvaluationReport.Warning(
                .note,
                "whether the model has learnt from any of these patients cannot be told: its card names no patients, and it or the "
                    + "dataset no folds")
        }
    }

    private static func text(_ folds: [Int]) -> String {
        folds.isEmpty ? "" : ", fold\(folds.count == 1 ? "" : "s") \(folds.map(String.init).joined(separator: ", ")) of its training data"
    }
}
