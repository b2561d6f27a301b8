import Basics
import Evaluation
import EvaluationReports
import Foundation
import Models

/// What a site would choose by: operating points, and for whom the figures hold.
extension EvaluationPage {
    private typealias Markup = EvaluationMarkup

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
            + Markup.how(report.protocols["operating_points"])
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
        return "<h2>Subgroups</h2>\n<div class=\"pair\">\n" + tables.joined() + "</div>\n" + Markup.how(report.protocols["subgroups"])
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
}
