import Datasets
import Evaluation
import Findings
import Foundation
import Networks
import Radiographs
import RunRecords

/// Measures a network on patients it does not learn from.
protocol Validator {
    /// Names of the figures, the deciding one first.
    var figureNames: [String] { get }
    func figures(of task: any LearningTask, report: (String) throws -> Void) throws -> [ValidationReport.Figure]
}

/// Average precision of a detector's boxes.
struct DetectionValidator: Validator {
    let predictor: Predictor
    let images: [DatasetImage]
    let findingClasses: [FindingClass]
    /// Each finding is scored where a source is complete for it; `nil` everywhere.
    let coverage: SourceCoverage?

    var figureNames: [String] { ["metrics/mAP50(B)", "metrics/mAP50-95(B)", "metrics/mAP40(B)", "metrics/recall(B)"] }

    func figures(of task: any LearningTask, report: (String) throws -> Void) throws -> [ValidationReport.Figure] {
        guard let detector = task.network as? any DetectionNetwork else { return [] }
        let detections = try predictor.detections(of: images, by: detector, report: report)
        let evaluated = zip(images, detections).map {
            EvaluatedImage($0, findingClasses: findingClasses, detections: $1, coverage: coverage)
        }
        let evaluation = DetectionEvaluation(images: evaluated, classCount: findingClasses.count)
        let coco = evaluation.coco
        let values = [coco.averagePrecision50, coco.averagePrecision, evaluation.vinBigData(), coco.averageRecall100]
        return zip(figureNames, values).map { ValidationReport.Figure(name: $0, value: $1.value) }
    }
}

/// Area under the ROC curve of a classifier, the mean over findings and of each.
struct ClassificationValidator: Validator {
    let predictor: Predictor
    let images: [DatasetImage]
    let findingClasses: [FindingClass]
    /// What the sources of the images say; `nil` where there are none.
    let coverage: SourceCoverage?

    var figureNames: [String] { ["metrics/AUROC"] + findingClasses.map { "metrics/AUROC/\($0.name)" } }

    func figures(of task: any LearningTask, report: (String) throws -> Void) throws -> [ValidationReport.Figure] {
        guard let classifier = task.network as? ImageClassifier else { return [] }
        let scores = try predictor.imageScores(of: images, by: classifier, report: report)
        let areas = try findingClasses.enumerated().map { column, findingClass -> Double? in
            let truths = zip(images, scores).map { image, scores -> Bool? in
                guard !scores.isEmpty else { return nil }
                guard let coverage else { return image.hasFinding(findingClass) }
                return ImageTruth(image, findingClasses: findingClasses, coverage: coverage).findings[column]
            }
            return try ScoreRanking(scores: scores.map { $0.isEmpty ? 0 : Double($0[column]) }, truths: truths).areaUnderROC()
        }
        return zip(figureNames, [MeanOverClasses(areas).value] + areas).map { ValidationReport.Figure(name: $0, value: $1) }
    }
}

extension DatasetImage {
    /// Whether the image has the finding, by its boxes or its whole-image labels; `nil` where that is not known.
    func hasFinding(_ findingClass: FindingClass) -> Bool? {
        if boxes.contains(where: { $0.classID == findingClass.id }) { return true }
        if let labels { return labels.contains(findingClass.name) }
        // Boxes of one finding do not say that another is absent, unless somebody looked for all: then the image has labels.
        return boxes.isEmpty ? false : nil
    }
}
