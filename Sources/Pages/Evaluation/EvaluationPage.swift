import Basics
import Charts
import Evaluation
import EvaluationReports
import Foundation

/// An evaluation as one self-contained page: tables, curves and pictures, with the images and the protocol beside every number.
public enum EvaluationPage {
    /// - Parameters:
    ///   - pictures: Of the report's examples; those without one are named without a picture.
    ///   - nonce: Marks the page's own style; nothing else on it takes effect.
    /// - Throws: `RadiographError` where a chart cannot be drawn.
    public static func html(_ report: EvaluationReport, pictures: [Picture] = [], nonce: String = UUID().uuidString) throws -> String {
        let subject = MarkupText.escaped(report.subjectName), dataset = MarkupText.escaped(report.dataset)
        let sections = [
            top(report), headline(report), try findings(report), sources(report), try curves(report), localisation(report),
            try errors(report),
            wholeImages(report), try calibration(report), operatingPoints(report), subgroups(report), protocols(report),
            examples(report, pictures),
        ]
        return EvaluationMarkup.frame("evaluation", nonce: nonce).page(
            heading: "Evaluation of <bdi>\(subject)</bdi> on <bdi>\(dataset)</bdi>", sections: sections)
    }

    private static func top(_ report: EvaluationReport) -> String {
        let subject = report.subject
        let rows = subject.rowsUsed.map { used in
            "\(used) rows scored" + ((subject.rowsLeftOut ?? 0) > 0 ? ", \(subject.rowsLeftOut ?? 0) left out" : "")
        }
        return EvaluationMarkup.facts([
            ("Images", report.split), ("Model digest", subject.digest), ("Engine", subject.precision), ("Read as", subject.format),
            ("Rows", rows),
            ("Learnt from folds", subject.trainingFolds.map { $0.isEmpty ? "not said" : $0.map(String.init).joined(separator: ", ") }),
            ("Training digest", subject.trainingDigest),
            ("Intervals", report.protocols["intervals"]), ("Made", report.created),
        ]) + EvaluationMarkup.warnings(report.warnings)
    }

    /// A chart in the page's own colours.
    static func figure(_ chart: some Chart, width: Int = 640, height: Int = 420) throws -> String {
        "<figure class=\"chart\">\(try chart.svg(width: width, height: height))</figure>\n"
    }
}
