import Charts
import Evaluation
import EvaluationReports

/// How well boxes lie, and what goes wrong.
extension EvaluationPage {
    private typealias Markup = EvaluationMarkup

    static func localisation(_ report: EvaluationReport) -> String {
        func table(
            _ title: String, _ rates: [String: [String: Double]], _ falseBoxes: [String: [String: Double]],
            _ means: [String: ReportedFigure],
            _ how: String?
        ) -> String {
            let thresholds = rates.keys.sorted()
            let rows = report.labels.filter { label in rates.values.contains { $0[label] != nil } }.map { label in
                HTMLTable.row(
                    label,
                    thresholds.map { threshold in
                        let rate = falseBoxes[threshold]?[label].map {
                            "<span class=\"between\">\(FigureText.value($0, decimals: 2)) false</span>"
                        }
                        return "<td>\(FigureText.value(rates[threshold]?[label], decimals: 2))\(rate ?? "")</td>"
                    })
            }
            return "<div><h3>\(title)</h3>\n"
                + HTMLTable.table(
                    ["overlap above"] + thresholds, rows + [meanRow(thresholds.map { means[$0] ?? ReportedFigure(value: nil) })])
                + Markup.how(how) + "</div>\n"
        }
        return "<h2>Localisation</h2>\n<div class=\"pair\">\n"
            + table(
                "T(IoU): share of boxes found", report.localisationIoU, report.localisationIoUFalseBoxes, report.localisationIoUMean,
                report.protocols["localisation_iou"])
            + table(
                "T(IoBB): share of boxes found", report.localisationIoBB, report.localisationIoBBFalseBoxes, report.localisationIoBBMean,
                report.protocols["localisation_iobb"]) + "</div>\n"
            + "<p class=\"note\">Under each share stand the false boxes of the finding an image at which it is had.</p>\n"
    }

    static func errors(_ report: EvaluationReport) throws -> String {
        let names = report.labels
        let matrix = HeatMap(
            "What is taken for what", xTitle: "said by the detector", yTitle: "drawn by readers", columns: names + ["missed"],
            rows: names + ["nothing there"], values: report.confusion.counts.map { $0.map(Double.init) })
        let tide = BarChart(
            "What the errors cost (TIDE)", axis: ChartAxis("mAP50 gained without them"),
            bars: report.tide.kinds.map { kind in
                BarChart.Bar(
                    FigureText.kind(kind.kind), value: kind.gain, ink: .palette(4), note: "\(FigureText.value(kind.gain)) (\(kind.count))")
            } + [
                BarChart.Bar(
                    "all false boxes", value: report.tide.falsePositiveGain, ink: .palette(5),
                    note: FigureText.value(report.tide.falsePositiveGain)),
                BarChart.Bar(
                    "all boxes not found", value: report.tide.falseNegativeGain, ink: .palette(5),
                    note: FigureText.value(report.tide.falseNegativeGain)),
            ])
        let side = min(900, max(420, 200 + names.count * 36))
        return "<h2>Errors</h2>\n<div class=\"charts\">\n" + (try figure(matrix, width: side + 120, height: side))
            + (try figure(tide, height: max(320, tide.naturalHeight + 60))) + "</div>\n" + Markup.how(report.protocols["confusion"])
            + Markup.how(report.protocols["tide"])
    }
}
