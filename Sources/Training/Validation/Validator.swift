import Datasets
import Evaluation
import Findings
import Foundation
import Networks
import Radiographs

/// Looks at a network on patients it does not learn from.
protocol Validator {
    /// Names of the figures, the deciding one first.
    var figureNames: [String] { get }
    func figures(of task: any LearningTask, report: (String) throws -> Void) throws -> [LookReport.Figure]
}

/// Average precision of a detector's boxes.
struct DetectionValidator: Validator {
    let predictor: Predictor
    let images: [DatasetImage]
    let findingClasses: [FindingClass]

    var figureNames: [String] { ["metrics/mAP50(B)", "metrics/mAP50-95(B)", "metrics/mAP40(B)", "metrics/recall(B)"] }

    func figures(of task: any LearningTask, report: (String) throws -> Void) throws -> [LookReport.Figure] {
        guard let detector = task.network as? any DetectionNetwork else { return [] }
        let detections = try predictor.detections(of: images, by: detector, report: report)
        let evaluated = zip(images, detections).map { EvaluatedImage($0, findingClasses: findingClasses, detections: $1) }
        let evaluation = try DetectionEvaluation(images: evaluated, classCount: findingClasses.count)
        let values = [
            evaluation.coco.averagePrecision50, evaluation.coco.averagePrecision, evaluation.meanAveragePrecision(iou: 0.4),
            evaluation.coco.averageRecall100,
        ]
        return zip(figureNames, values).map { LookReport.Figure(name: $0, value: $1) }
    }
}
