import Basics
import ChangeGate
import EvaluationReports
import Foundation
import Improvement
import Models

/// The sheet of a site's acceptance test, to be printed and signed.
public enum AcceptancePage {
    /// - Parameter nonce: Marks the page's own style; nothing else on it takes effect.
    public static func html(_ report: AcceptanceReport, nonce: String = UUID().uuidString) -> String {
        func cell(_ value: Double?, _ low: Double?, _ high: Double?) -> String {
            "<td>\(FigureText.value(value))<span class=\"between\">\(FigureText.interval(low, high))</span></td>"
        }
        let facts = EvaluationMarkup.facts([
            ("Model", "\(report.model.name) \(report.model.version)"), ("Its digest", report.model.digest), ("Cases", report.dataset),
            ("Images", "\(report.images) of \(report.patients) patients, \(report.failed) could not be read"),
            ("Second run", report.isRepeatable ? "the same, bit by bit" : "NOT the same as the first"), ("Made", report.created),
        ])
        let lacking =
            report.shortfalls.isEmpty
            ? "" : "<ul>\n" + report.shortfalls.map { "<li>\(MarkupText.escaped($0))</li>\n" }.joined() + "</ul>\n"
        let figures = HTMLTable.table(
            ["", "here", "on the model's card"],
            report.figures.map { figure in
                let row = HTMLTable.row(
                    figure.name,
                    [cell(figure.here, figure.hereLow, figure.hereHigh), cell(figure.card, figure.cardLow, figure.cardHigh)])
                return figure.isBelowTheCard ? "<tr class=\"flagged\">" + row.dropFirst("<tr>".count) : row
            })
        let thresholds = HTMLTable.table(
            ["", "show from", "false boxes on 100 images", "share of boxes found"],
            report.thresholds.map { point in
                HTMLTable.row(
                    point.finding,
                    [
                        "<td>\(FigureText.value(point.threshold))</td>",
                        cell(point.measuredFalseBoxesPer100Images, point.falseBoxesLow, point.falseBoxesHigh),
                        cell(point.sensitivity, point.sensitivityLow, point.sensitivityHigh),
                    ])
            })
        let worst = HTMLTable.table(
            ["", "missed", "shown and not there"],
            report.worst.map { found in
                HTMLTable.row(
                    found.image,
                    [
                        "<td>\(MarkupText.escaped(found.missed.joined(separator: ", ")))</td>",
                        "<td>\(MarkupText.escaped(found.wrong.joined(separator: ", ")))</td>",
                    ])
            })
        let signature = """
            <table><tbody>
            <tr><th scope="row">The model may be used here as a supporting reader, in research</th><td>&#9744; yes &nbsp; &#9744; no</td></tr>
            <tr><th scope="row">Name, and what for</th><td>&nbsp;</td></tr>
            <tr><th scope="row">Date, signature</th><td>&nbsp;</td></tr>
            </tbody></table>

            """
        return EvaluationMarkup.frame("acceptance", nonce: nonce).page(
            heading: "<bdi>\(MarkupText.escaped("\(report.model.name) \(report.model.version)"))</bdi> on <bdi>"
                + "\(MarkupText.escaped(report.dataset))</bdi>",
            sections: [
                facts + lacking,
                "<h2>Figures</h2>\n" + figures
                    + "<p class=\"note\">95 percent intervals over patients. Shaded: the card's figure lies above all that chance would give here.</p>\n",
                "<h2>Thresholds at the false boxes that are allowed</h2>\n" + thresholds,
                "<h2>The worst images</h2>\n" + worst, "<h2>To be signed</h2>\n" + signature,
            ])
    }
}
