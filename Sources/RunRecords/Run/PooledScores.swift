import Evaluation
import Findings
import Foundation

/// The headline figures of images that were not learnt from (pooled test folds, a validation), with 95% intervals by bootstrap over
/// patients.
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

    /// - Parameter images: Those without any box are left aside, as the published figures on these boxes and `pleura evaluate` do.
    package init(images: [EvaluatedImage], findingClasses: [FindingClass], split: String) {
        let images = images.filter { $0.truth.contains { !$0.isCrowd } }
        let evaluation = DetectionEvaluation(images: images, classCount: findingClasses.count)
        let headline = HeadlineEvaluation(evaluation)
        let bootstrap = PatientBootstrap(patients: images.map(\.patient))
        let intervals = bootstrap.intervals { weights in
            let figures = headline.figures(weights: weights)
            return [figures.map50.value, figures.map.value, figures.map40.value] + figures.averagePrecision50
        }
        self.split = split
        self.images = images.count
        boxes = images.reduce(0) { $0 + $1.truth.count { !$0.isCrowd } }
        patients = bootstrap.patientCount
        (map50, map, map40) = (intervals[0], intervals[1], intervals[2])
        perClass = [:]
        for (index, findingClass) in findingClasses.enumerated() {
            perClass[findingClass.name] = Finding(ap50: intervals[3 + index], n: evaluation.truthCount(class: index))
        }
    }

    package var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            return try encoder.encode(self)
        }
    }
}
