import Basics
import Charts
import Evaluation
import EvaluationReports
import Foundation
import Models

/// Whole images, and whether a score can be taken for a probability.
extension EvaluationPage {
    private typealias Markup = EvaluationMarkup

    static func wholeImages(_ report: EvaluationReport) -> String {
        let parts = EvaluationTable.parts(report)
        func row(_ name: String, _ figure: (EvaluationReport.ImageLevel) -> ImageLevelFigure?) -> String {
            HTMLTable.row(
                name,
                parts.flatMap { _, part -> [String] in
                    guard let figure = figure(part), figure.auroc != nil else {
                        return Array(repeating: "<td class=\"zero\">–</td>", count: 3)
                    }
                    return [
                        "<td>\(figure.positives) / \(figure.negatives)</td>", Markup.cell(figure.auroc),
                        Markup.cell(figure.averagePrecision),
                    ]
                })
        }
        let any = row("any abnormality") { $0.any }
        let alone = parts.contains { $0.1.viewAlone != nil } ? [row("AP or not, alone") { $0.viewAlone }] : []
        let findings = report.labels.map { label in row(label) { $0.findings[label] } }
        let header =
            [""]
            + parts.flatMap { name, _ in
                let name = name == "all" ? "all images" : MarkupText.escaped(name)
                return ["\(name):<br>with / without", "AUROC", "average precision"]
            }
        return "<h2>Whole images</h2>\n" + HTMLTable.table(header, [any] + alone + findings) + Markup.how(report.protocols["image_level"])
            + "<p class=\"note\">Lying patients are imaged AP and are sicker: what stands within one view does not gain from that.</p>\n"
    }

    /// A bin of fewer examples says nothing to the eye.
    private static let fewest = 10

    static func calibration(_ report: EvaluationReport) throws -> String {
        guard !report.calibration.isEmpty else { return "" }
        let inks = ["score": 5, "platt": 4, "isotonic": 2]
        let charts = try report.calibration.map { figures in
            let isBox = figures.subject == "box"
            let curves = figures.readings.map { reading in
                ReliabilityDiagram.Curve(
                    name(reading.method),
                    bins: reading.bins.filter { $0.count >= fewest }.map {
                        ReliabilityDiagram.Bin(
                            score: $0.meanScore, rate: $0.rate, interval: WilsonInterval.of(rate: $0.rate, count: $0.count), count: $0.count
                        )
                    },
                    ink: .palette(inks[reading.method] ?? 0))
            }
            return try figure(
                ReliabilityDiagram(
                    isBox ? "Boxes: is the score a probability?" : "Images: is the score a probability?", curves: curves,
                    rateTitle: isBox ? "Share on the finding" : "Share with the finding", countTitle: isBox ? "Boxes" : "Images"),
                height: 480)
        }
        let rows = report.calibration.flatMap { figures in
            figures.readings.map { reading in
                HTMLTable.row(
                    "\(figures.subject == "box" ? "boxes" : "images"), \(name(reading.method))",
                    [
                        HTMLTable.cell(figures.examples), HTMLTable.cell(figures.positives), Markup.cell(reading.expectedCalibrationError),
                        Markup.cell(reading.brierScore),
                    ])
            }
        }
        let left = report.calibration.filter { !$0.notFitted.isEmpty }.map { figures in
            let reasons = figures.notFitted.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: "; ")
            return "<p class=\"note\">Not fitted, \(figures.subject == "box" ? "boxes" : "images"): \(MarkupText.escaped(reasons)).</p>\n"
        }
        return
            "<h2>Calibration</h2>\n<p class=\"note\">Bins of fewer than \(fewest) are not drawn; bars are Wilson's 95 percent intervals.</p>\n<div class=\"charts\">\n"
            + charts.joined() + "</div>\n"
            + HTMLTable.table(["", "examples", "true", "expected calibration error", "Brier score"], rows) + left.joined()
            + Markup.how(report.protocols["calibration"])
    }

    private static func name(_ method: String) -> String {
        switch method {
        case "score": "score as it is"
        case "platt": "Platt"
        default: method
        }
    }
}
