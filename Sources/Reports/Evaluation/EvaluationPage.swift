import Basics
import Charts
import Datasets
import Evaluation
import Findings
import Foundation
import Geometry
import Radiographs

/// An evaluation as one self-contained page: tables, curves and pictures, with the images and the protocol beside every number.
public enum EvaluationPage {
    /// One of the report's examples, drawn.
    public struct Picture: Sendable {
        public let example: EvaluationReport.Example
        let jpeg: Data
        let width: Int
        let height: Int

        /// Longer side in pixels.
        static let side = 640

        /// - Parameters:
        ///   - detections: All of the image; those of at least `scoreThreshold` are drawn on a missed box's picture, on a false box's only
        ///     itself.
        /// - Throws: `RadiographError` where it cannot be drawn.
        public init(
            _ example: EvaluationReport.Example, radiograph: Radiograph, image: DatasetImage, detections: [Detection],
            findingClasses: [FindingClass], scoreThreshold: Double
        ) throws {
            self.example = example
            let shown = detections.filter { detection in
                guard findingClasses.indices.contains(detection.classIndex) else { return false }
                switch example.kind {
                case .missed: return detection.score >= scoreThreshold
                case .falseBox:
                    let box = detection.box
                    return findingClasses[detection.classIndex].name == example.label
                        && [box.x, box.y, box.width, box.height] == example.box
                }
            }.sorted { $0.score > $1.score }
            let findings = shown.enumerated().map { number, detection in
                Finding(
                    id: "\(number + 1)", findingClass: findingClasses[detection.classIndex], score: detection.score,
                    geometry: .box(detection.box))
            }
            let classes = Dictionary(findingClasses.map { ($0.id, $0) }) { first, _ in first }
            let truth = image.boxes.compactMap { annotation in
                classes[annotation.classID].map { AnnotatedPicture.Truth(box: annotation.box, findingClass: $0) }
            }
            jpeg = try AnnotatedPicture(
                radiograph: radiograph, findings: findings, maximumSide: Self.side, truth: truth
            ).jpeg(quality: 82)
            (width, height) = (radiograph.pixels.width, radiograph.pixels.height)
        }
    }

    /// - Parameters:
    ///   - pictures: Of the report's examples; those without one are named without a picture.
    ///   - nonce: Marks the page's own style; nothing else on it takes effect.
    /// - Throws: `RadiographError` where a chart cannot be drawn.
    public static func html(_ report: EvaluationReport, pictures: [Picture] = [], nonce: String = UUID().uuidString) throws -> String {
        let subject = MarkupText.escaped(report.subjectName), dataset = MarkupText.escaped(report.dataset)
        let sections = [
            top(report), headline(report), try findings(report), try curves(report), localisation(report), try errors(report),
            wholeImages(report), try calibration(report), operatingPoints(report), subgroups(report), protocols(report),
            examples(report, pictures),
        ]
        return EvaluationFrame.page(
            title: "Pleura: evaluation", heading: "Evaluation of <bdi>\(subject)</bdi> on <bdi>\(dataset)</bdi>", sections: sections,
            nonce: nonce)
    }

    private static func top(_ report: EvaluationReport) -> String {
        let subject = report.subject
        let rows = subject.rowsUsed.map { used in
            "\(used) rows scored" + ((subject.rowsLeftOut ?? 0) > 0 ? ", \(subject.rowsLeftOut ?? 0) left out" : "")
        }
        return EvaluationFrame.facts([
            ("Images", report.split), ("Model digest", subject.digest), ("Engine", subject.precision), ("Read as", subject.format),
            ("Rows", rows),
            ("Learnt from folds", subject.trainingFolds.map { $0.isEmpty ? "not said" : $0.map(String.init).joined(separator: ", ") }),
            ("Training digest", subject.trainingDigest),
            ("Intervals", report.protocols["intervals"]), ("Made", report.created),
        ]) + EvaluationFrame.warnings(report.warnings)
    }

    /// A chart in the page's own colours.
    static func figure(_ chart: some Chart, width: Int = 640, height: Int = 420) throws -> String {
        "<figure class=\"chart\">\(try chart.svg(width: width, height: height))</figure>\n"
    }
}
