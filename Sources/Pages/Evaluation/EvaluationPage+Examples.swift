import Basics
import Evaluation
import EvaluationReports
import Foundation

/// The figures of single challenges, and single boxes.
extension EvaluationPage {
    private typealias Markup = EvaluationMarkup

    /// The figures of single challenges, for whoever compares with them.
    static func protocols(_ report: EvaluationReport) -> String {
        let names = [
            ("ap", "AP 50:95"), ("ap50", "AP 50"), ("ap75", "AP 75"), ("ap_small", "AP small"), ("ap_medium", "AP medium"),
            ("ap_large", "AP large"), ("ar1", "AR, 1 an image"), ("ar10", "AR, 10 an image"), ("ar100", "AR, 100 an image"),
            ("ar_small", "AR small"), ("ar_medium", "AR medium"), ("ar_large", "AR large"),
        ]
        let coco = names.map { key, name in
            let figure = report.coco[key]
            let over = figure.flatMap { figure in figure.classes.map { "\($0) of \(figure.classCount ?? $0)" } } ?? ""
            return HTMLTable.row(name, [Markup.cell(figure?.value), "<td class=\"share\">\(over)</td>"])
        }
        let chest = report.labels.compactMap { label in
            report.chestXDet10.perClass[label].map { HTMLTable.row(label, $0.map { Markup.cell($0) }) }
        }
        let mean = HTMLTable.row("mean", report.chestXDet10.mean.map { Markup.cell($0) })
        return "<h2>Other protocols</h2>\n<div class=\"pair\">\n<div><h3>COCO's twelve</h3>\n"
            + HTMLTable.table(["", "value", "findings"], coco) + Markup.how(report.protocols["coco"])
            + "</div>\n<div><h3>ChestX-Det10</h3>\n"
            + HTMLTable.table(
                ["false boxes an image"] + report.chestXDet10.rates.map(FigureText.short),
                chest + ["<tr class=\"mean\">" + mean.dropFirst("<tr>".count)])
            + Markup.how(report.protocols["chestx_det10"]) + Markup.how(report.protocols["voc"].map { "VOC: " + $0 })
            + Markup.how(report.protocols["rsna"]) + "</div>\n</div>\n"
    }

    static func examples(_ report: EvaluationReport, _ pictures: [Picture]) -> String {
        guard !report.examples.isEmpty else { return "" }
        func group(_ title: String, _ kind: EvaluationReport.Example.Kind) -> String {
            let figures = report.examples.filter { $0.kind == kind }.map { example -> String in
                let picture = pictures.first { $0.example == example }
                let image =
                    picture.map { picture in
                        "<img alt=\"\(MarkupText.escaped(title)): \(MarkupText.escaped(example.label))\" "
                            + "src=\"data:image/jpeg;base64,\(picture.jpeg.base64EncodedString())\">"
                    } ?? "<p class=\"note\">no picture</p>"
                let score =
                    example.score.map {
                        kind == .falseBox
                            ? " scored \(FigureText.value($0, decimals: 2))" : ", best box near it scored \(FigureText.short($0))"
                    } ?? ""
                return
                    "<figure>\(image)<figcaption><b>\(MarkupText.escaped(example.label))</b>\(score): \(MarkupText.escaped(example.reason))<br>"
                    + "<bdi>\(MarkupText.escaped(example.image))</bdi></figcaption></figure>"
            }
            return figures.isEmpty ? "" : "<h3>\(title)</h3>\n<div class=\"pictures\">\n\(figures.joined(separator: "\n"))\n</div>\n"
        }
        return "<h2>Examples</h2>\n" + group("False boxes of the highest score", .falseBox) + group("Missed boxes", .missed)
            + "<p class=\"note\">Dashed: drawn by readers. Whole: said by the detector, with its score. "
            + "\(MarkupText.escaped(Markup.sentence(report.protocols["examples"] ?? "")))</p>\n"
    }
}
