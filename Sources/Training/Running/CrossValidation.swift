import Datasets
import Evaluation
import Findings
import Foundation
import RunRecords
import Tensors
import TrainingExamples
import TrainingSettings

/// Trains every fold, pools what the models say of the folds they did not see, and scores that once.
///
/// Folds that are done already are not trained again, so that one that was cut off goes on where it was.
public struct CrossValidation {
    /// The training of every fold; its `testFold` is not used.
    public var training: TrainingRun
    /// Only these folds; `nil` for all of the dataset. Their pooled figures then say so.
    public var folds: [Int]?

    public init(_ training: TrainingRun, folds: [Int]? = nil) { (self.training, self.folds) = (training, folds) }

    /// - Parameter folder: Gets a run folder a fold, `fold_0`, …, and `predictions.json` and `scores.json` over all.
    /// - Returns: The pooled figures.
    /// - Throws: as `TrainingRun`.
    public func run(in folder: URL, report: (_ fold: Int, TrainingEvent) throws -> Void) throws -> PooledScores {
        guard training.configuration.model.family != .segmenter else {
            throw TrainingError(
                .configuration, "a segmenter's folds are trained one at a time: --fold 0, then --fold 1, each in its own run")
        }
        let dataset = training.dataset
        let known = Set(dataset.folds.values).sorted()
        guard known.count > 1 else {
            throw TrainingError(.configuration, "a cross-validation needs two folds or more; pleura dataset split --folds makes them")
        }
        let folds = self.folds.map { Set($0).sorted() } ?? known
        if let stranger = folds.first(where: { !known.contains($0) }) {
            throw TrainingError(
                .configuration, "the dataset has no fold \(stranger), only \(known.map(String.init).joined(separator: ", "))")
        }
        let pool = RunFolder(url: folder)
        if training.processes.rank == 0 { try pool.requireOwn() }
        var images: [DatasetImage] = []
        var detections: [[Detection]] = []
        for fold in folds {
            var run = training
            run.testFold = fold
            run.predictsTestFold = true
            let place = folder.appendingPathComponent("fold_\(fold)")
            let predictions = RunFolder(url: place).predictionsFile
            if FileManager.default.fileExists(atPath: predictions.path) {
                try check(RunFolder(url: place), run)
                try report(fold, .message("fold \(fold) is done already"))
            } else {
                _ = try run.run(in: place, resume: TrainingRun.hasCheckpoint(in: place)) { try report(fold, $0) }
            }
            let own = dataset.images.filter { dataset.fold(of: $0) == fold && (!$0.boxes.isEmpty || $0.isNormal) }
            images += own
            detections += try RunPredictions.read(predictions, of: own, dataset: dataset)
        }
        let isFirst = training.processes.rank == 0
        if isFirst { try RunPredictions.write(detections, of: images, dataset: dataset, to: pool.predictionsFile) }
        let coverage = SourceCoverage(dataset)
        let scores = PooledScores(
            images: zip(images, detections).map {
                EvaluatedImage($0, findingClasses: dataset.findingClasses, detections: $1, coverage: coverage)
            },
            findingClasses: dataset.findingClasses, split: split(folds, of: known))
        if isFirst { try pool.write(scores.json, to: pool.scoresFile) }
        return scores
    }

    /// - Throws: `TrainingError` where a fold that is done was trained on other images or boxes: its figures are not to be pooled with others.
    private func check(_ done: RunFolder, _ run: TrainingRun) throws {
        guard let former = done.environment, let settings = try? done.configuration() else { return }
        guard try former.dataDigest == run.dataset.digest(of: run.split(settings).training) else {
            throw TrainingError(
                .run, "\(done.url.path) is done, but with other images or boxes than this dataset's; name another folder for this one")
        }
    }

    private func split(_ folds: [Int], of known: [Int]) -> String {
        guard folds.count < known.count else { return "\(known.count)-fold cross-validation by patient, every box tested once, pooled" }
        return "folds \(folds.map(String.init).joined(separator: ", ")) of \(known.count) by patient, each left out once, pooled"
    }
}
