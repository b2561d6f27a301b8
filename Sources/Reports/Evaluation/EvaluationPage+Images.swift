import Basics
import Charts
import Evaluation
import Foundation
import Models

extension EvaluationPage {
    private typealias Frame = EvaluationFrame

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
                        "<td>\(figure.positives) / \(figure.negatives)</td>", Frame.cell(figure.auroc), Frame.cell(figure.averagePrecision),
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
        return "<h2>Whole images</h2>\n" + HTMLTable.table(header, [any] + alone + findings) + Frame.how(report.protocols["image_level"])
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
                        HTMLTable.cell(figures.examples), HTMLTable.cell(figures.positives), Frame.cell(reading.expectedCalibrationError),
                        Frame.cell(reading.brierScore),
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
            + Frame.how(report.protocols["calibration"])
    }

    private static func name(_ method: String) -> String {
        switch method {
        case "score": "score as it is"
        case "platt": "Platt"
        default: method
        }
    }

    static func operatingPoints(_ report: EvaluationReport) -> String {
        let rates = Set(report.operatingPoints.map(\.falseBoxesPer100Images)).sorted()
        guard !rates.isEmpty else { return "" }
        let rows = report.labels.compactMap { label -> String? in
            let points = report.operatingPoints.filter { $0.finding == label }
            guard !points.isEmpty else { return nil }
            return HTMLTable.row(
                label,
                rates.map { rate in
                    guard let point = points.first(where: { $0.falseBoxesPer100Images == rate }) else { return "<td class=\"zero\">–</td>" }
                    let interval = FigureText.interval(point.sensitivityLow, point.sensitivityHigh, decimals: 2)
                    return "<td>\(FigureText.value(point.sensitivity, decimals: 2))<span class=\"between\">\(interval)</span>"
                        + "<span class=\"between\">score ≥ \(FigureText.short(point.threshold))</span></td>"
                })
        }
        return "<h2>Operating points</h2>\n"
            + HTMLTable.table(["false boxes of the finding<br>on 100 images"] + rates.map(FigureText.short), rows)
            + "<p class=\"note\">The share of boxes to expect at so many false ones, its interval, and the score that gives it.</p>\n"
            + Frame.how(report.protocols["operating_points"])
    }

    static func subgroups(_ report: EvaluationReport) -> String {
        guard !report.subgroups.isEmpty else { return "" }
        let attributes = report.subgroups.reduce(into: [String]()) { names, subgroup in
            if !names.contains(subgroup.comparison.attribute) { names.append(subgroup.comparison.attribute) }
        }
        let tables = attributes.map { attribute in
            let comparisons = report.subgroups.filter { $0.comparison.attribute == attribute }
            let names = comparisons.reduce(into: [String]()) { names, subgroup in
                names += subgroup.comparison.groups.map(\.name).filter { !names.contains($0) }
            }
            let rows = names.map { name in
                let groups = comparisons.map { $0.comparison.groups.first { $0.name == name } }
                let size = groups.compactMap { $0 }.max { $0.images < $1.images }
                return HTMLTable.row(
                    name,
                    ["<td>\(size?.images ?? 0)<span class=\"between\">\(size?.patients ?? 0) patients</span></td>"] + groups.map(part))
            }
            return "<div><h3>By \(MarkupText.escaped(attribute))</h3>\n"
                + HTMLTable.table(["", "images"] + comparisons.map { FigureText.figure($0.figure) }, rows) + "</div>\n"
        }
        return "<h2>Subgroups</h2>\n<div class=\"pair\">\n" + tables.joined() + "</div>\n" + Frame.how(report.protocols["subgroups"])
    }

    /// A part's figure, its interval and its gap to the others.
    private static func part(_ group: SubgroupComparison.Group?) -> String {
        guard let group, let figure = group.figure else { return "<td class=\"zero\">–</td>" }
        let interval = FigureText.interval(figure.low, figure.high)
        let gap = group.gap.map { gap in
            "<span class=\"between\">\(group.isFlagged ? "<span class=\"flag\">gap \(FigureText.signed(gap.value))</span>" : "gap \(FigureText.signed(gap.value))")"
                + " (\(FigureText.interval(gap.low, gap.high)))</span>"
        }
        return
            "<td\(group.isFlagged ? " class=\"flagged\"" : "")>\(FigureText.value(figure.value))<span class=\"between\">\(interval)</span>\(gap ?? "")</td>"
    }

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
            return HTMLTable.row(name, [Frame.cell(figure?.value), "<td class=\"share\">\(over)</td>"])
        }
        let chest = report.labels.compactMap { label in
            report.chestXDet10.perClass[label].map { HTMLTable.row(label, $0.map { Frame.cell($0) }) }
        }
        let mean = HTMLTable.row("mean", report.chestXDet10.mean.map { Frame.cell($0) })
        return "<h2>Other protocols</h2>\n<div class=\"pair\">\n<div><h3>COCO's twelve</h3>\n"
            + HTMLTable.table(["", "value", "findings"], coco) + Frame.how(report.protocols["coco"])
            + "</div>\n<div><h3>ChestX-Det10</h3>\n"
            + HTMLTable.table(
                ["false boxes an image"] + report.chestXDet10.rates.map(FigureText.short),
                chest + ["<tr class=\"mean\">" + mean.dropFirst("<tr>".count)])
            + Frame.how(report.protocols["chestx_det10"]) + Frame.how(report.protocols["voc"].map { "VOC: " + $0 })
            + Frame.how(report.protocols["rsna"]) + "</div>\n</div>\n"
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
            + "\(MarkupText.escaped(Frame.sentence(report.protocols["examples"] ?? "")))</p>\n"
    }
}
