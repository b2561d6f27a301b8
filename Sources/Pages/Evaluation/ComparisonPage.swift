import Basics
import Charts
import Evaluation
import EvaluationReports
import Foundation

/// A comparison as one self-contained page.
public enum ComparisonPage {
    /// - Parameter nonce: Marks the page's own style; nothing else on it takes effect.
    /// - Throws: `RadiographError` where the chart cannot be drawn.
    public static func html(_ report: ComparisonReport, nonce: String = UUID().uuidString) throws -> String {
        let rows = report.figures.map { figure in
            let comparison = figure.comparison
            let isClear = comparison.difference.excludes(0) == true
            let row = HTMLTable.row(
                figure.name,
                [
                    EvaluationMarkup.cell(comparison.first), EvaluationMarkup.cell(comparison.second),
                    "<td class=\"main\">\(FigureText.signed(comparison.difference.value))<span class=\"between\">"
                        + "\(FigureText.interval(comparison.difference.low, comparison.difference.high))</span></td>",
                    "<td>\(MarkupText.escaped(FigureText.pValue(comparison.pValue, draws: report.draws)))</td>",
                    "<td>\(figure.patientsNeeded.map(String.init) ?? FigureText.absent)</td>",
                    EvaluationMarkup.cell(figure.smallestDifferenceShown),
                ])
            return isClear ? "<tr class=\"flagged\">" + row.dropFirst("<tr>".count) : row
        }
        let header = [
            "", MarkupText.escaped(report.first.title), MarkupText.escaped(report.second.title), "second less first", "p",
            "patients needed",
            "smallest difference shown",
        ]
        let bars = report.figures.map { figure in
            let difference = figure.comparison.difference
            let interval = difference.low.flatMap { low in difference.high.map { min(low, $0)...max(low, $0) } }
            return BarChart.Bar(
                figure.name, value: difference.value, interval: interval, ink: .palette(difference.value < 0 ? 5 : 2),
                note: FigureText.signed(difference.value))
        }
        let chart = BarChart("Second less first, with 95 percent intervals", axis: ChartAxis("difference"), bars: bars)
        let top =
            EvaluationMarkup.facts([
                ("First", report.first.title), ("Its digest", report.first.digest), ("Second", report.second.title),
                ("Its digest", report.second.digest), ("Images", report.split), ("Intervals", report.protocols["intervals"]),
                ("Made", report.created),
            ]) + EvaluationMarkup.warnings(report.warnings)
        let table =
            "<h2>Differences</h2>\n" + HTMLTable.table(header, rows) + EvaluationMarkup.how(report.protocols["comparison"])
            + "<p class=\"note\">Shaded: the interval of the difference leaves zero out.</p>\n<div class=\"charts\">\n"
            + (try EvaluationPage.figure(chart, height: max(300, chart.naturalHeight + 60))) + "</div>\n"
        let how = ["map50", "map", "map40", "localisation_iou", "froc", "image_level"].compactMap { key in
            report.protocols[key].map { "<p class=\"note\"><b>\(key)</b>: \(MarkupText.escaped($0))</p>\n" }
        }
        return EvaluationMarkup.frame("comparison", nonce: nonce).page(
            heading:
                "<bdi>\(MarkupText.escaped(report.second.title))</bdi> against <bdi>\(MarkupText.escaped(report.first.title))</bdi> on "
                + "<bdi>\(MarkupText.escaped(report.dataset))</bdi>",
            sections: [top, table, "<h2>How</h2>\n" + how.joined()])
    }
}
