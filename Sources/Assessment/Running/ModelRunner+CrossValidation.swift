import Datasets
import Evaluation
import EvaluationReports
import Foundation

extension ModelRunner {
    /// Runs the models of a cross-validation, each on the images of its own fold, and pools what they say.
    /// - Parameter path: A folder with `fold_0/bundle`, …; folds without a model are left out.
    /// - Throws: `AssessmentError` where a model has learnt from patients of its fold, or no fold has a model.
    func crossValidated(_ path: String, on assessed: AssessedImages) async throws -> ScoredDetections {
        let dataset = assessed.dataset
        var scored = ScoredDetections()
        scored.overlap = .none
        var folds: [Int] = []
        for fold in Set(dataset.folds.values).sorted() {
            let model = "\(path)/fold_\(fold)/bundle"
            let own = assessed.images.filter { dataset.fold(of: $0) == fold }
            guard !own.isEmpty, FileManager.default.fileExists(atPath: model) else { continue }
            let part = try await self.scored(model, on: own, of: assessed)
            if case .learntFrom = part.overlap {
                throw AssessmentError(
                    .learntFromTheTested, about: model, "it has learnt from patients of fold \(fold), which it should be tested on")
            }
            if folds.isEmpty { scored.subject = part.subject }
            scored.append(part)
            if let bundle = part.bundle { scored.foldBundles.append(bundle) }
            if part.overlap == .unknown { scored.overlap = .unknown }
            folds.append(fold)
        }
        guard !folds.isEmpty else {
            throw AssessmentError(.missing, about: path, "it holds no fold_0/bundle or other fold of \(assessed.name)")
        }
        scored.subject.kind = "cross-validation"
        (scored.subject.digest, scored.subject.trainingDigest, scored.subject.trainingFolds) = (nil, nil, nil)
        let names = folds.map(String.init).joined(separator: ", ")
        scored.split = "folds \(names), each by a model that did not learn from it, pooled"
        return scored
    }
}
