import Datasets
import Evaluation
import Findings
import Foundation
import Tensors

/// Trains every fold, pools what the models say of the folds they did not see, and scores that once.
///
/// Folds that are done already are not trained again, so that one that was cut off goes on where it was.
public struct CrossValidation {
    /// The training of every fold; its `testFold` is not used.
    public var training: TrainingRun

    public init(_ training: TrainingRun) { self.training = training }

    /// - Parameter folder: Gets a run folder a fold, `fold_0`, …, and `predictions.json` and `scores.json` over all.
    /// - Returns: The pooled figures.
    /// - Throws: as `TrainingRun`.
    public func run(in folder: URL, report: (_ fold: Int, TrainingEvent) throws -> Void) throws -> PooledScores {
        let dataset = training.dataset
        let folds = Set(dataset.folds.values).sorted()
        guard folds.count > 1 else {
            throw TrainingError(.configuration, "a cross-validation needs two folds or more; pleura dataset split --folds makes them")
        }
        let pool = try RunFolder(url: folder)
        var images: [DatasetImage] = []
        var detections: [[Detection]] = []
        for fold in folds {
            var run = training
            run.testFold = fold
            run.predictsTestFold = true
            let place = folder.appendingPathComponent("fold_\(fold)")
            let predictions = try RunFolder(url: place).predictionsFile
            if FileManager.default.fileExists(atPath: predictions.path) {
                try report(fold, .message("fold \(fold) is done already"))
            } else {
                _ = try run.run(in: place, resume: TrainingRun.hasCheckpoint(in: place)) { try report(fold, $0) }
            }
            let own = dataset.images.filter { dataset.fold(of: $0) == fold && (!$0.boxes.isEmpty || $0.isNormal) }
            images += own
            detections += try PredictionFile.read(predictions, of: own, dataset: dataset)
        }
        let isFirst = training.processes.rank == 0
        if isFirst { try PredictionFile.write(detections, of: images, dataset: dataset, to: pool.predictionsFile) }
        let scores = PooledScores(
            images: zip(images, detections).map { EvaluatedImage($0, findingClasses: dataset.findingClasses, detections: $1) },
            findingClasses: dataset.findingClasses, split: "\(folds.count)-fold cross-validation by patient, every box tested once, pooled")
        if isFirst { try pool.write(scores.json, to: pool.scoresFile) }
        return scores
    }
}

/// The headline figures of pooled test folds, with 95% intervals by bootstrap over patients.
public struct PooledScores: Codable, Hashable, Sendable {
    public var notice = "research use only"
    public var split: String
    public var images: Int
    public var boxes: Int
    public var patients: Int
    public var map50: ConfidenceInterval?
    public var map: ConfidenceInterval?
    public var map40: ConfidenceInterval?
    public var perClass: [String: Finding]

    /// One finding's figures.
    public struct Finding: Codable, Hashable, Sendable {
        public var ap50: ConfidenceInterval?
        /// Boxes.
        public var n: Int
    }

    private enum CodingKeys: String, CodingKey {
        case notice, split, images, boxes, patients, map50, map, map40
        case perClass = "per_class"
    }

    init(images: [EvaluatedImage], findingClasses: [FindingClass], split: String) {
        let evaluation = DetectionEvaluation(images: images, classCount: findingClasses.count)
        let headline = HeadlineEvaluation(evaluation)
        let bootstrap = PatientBootstrap(patients: images.map(\.patient))
        let intervals = bootstrap.intervals { weights in
            let figures = headline.figures(weights: weights)
            return [figures.map50.value, figures.map.value, figures.map40.value] + figures.averagePrecision50
        }
        self.split = split
        self.images = images.count
        boxes = images.reduce(0) { $0 + $1.truth.count }
        patients = bootstrap.patientCount
        (map50, map, map40) = (intervals[0], intervals[1], intervals[2])
        perClass = [:]
        for (index, findingClass) in findingClasses.enumerated() {
            perClass[findingClass.name] = Finding(ap50: intervals[3 + index], n: evaluation.truthCount(class: index))
        }
    }

    var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            return try encoder.encode(self)
        }
    }
}
