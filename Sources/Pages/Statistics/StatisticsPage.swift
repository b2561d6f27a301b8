import Basics
import Datasets
import Findings
import Foundation
import Reports

/// A dataset's statistics as one self-contained page: tables and plots, no script, nothing loaded from anywhere.
public enum StatisticsPage {
    /// - Parameters:
    ///   - name: What the dataset is called; shown as text.
    ///   - nonce: Marks the page's own style; nothing else on it takes effect.
    public static func html(_ statistics: DatasetStatistics, name: String, nonce: String = UUID().uuidString) -> String {
        let sections = [
            tiles(statistics), findings(statistics), maps(statistics), sizes(statistics), parts(statistics), together(statistics),
            images(statistics),
        ]
        return PageFrame("dataset", styles: [.figures], showsPictures: false, nonce: nonce).page(
            heading: "Dataset <bdi>\(MarkupText.escaped(name))</bdi>", sections: sections,
            addition: "Findings are what readers drew or reports said; both can be wrong.")
    }

    private static func tiles(_ statistics: DatasetStatistics) -> String {
        let all = statistics.all
        let items = [
            ("images", all.images), ("patients", all.patients), ("boxes", all.boxes), ("findings", statistics.findings.count),
            ("images without boxes", all.imagesWithoutBoxes), ("of them without any finding", statistics.normalImages),
        ]
        return "<dl class=\"tiles\">" + items.map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" }.joined() + "</dl>\n"
    }

    private static func findings(_ statistics: DatasetStatistics) -> String {
        let most = Double(max(1, statistics.findings.map(\.boxes).max() ?? 1))
        let hasLabels = !statistics.labels.isEmpty
        let header =
            ["finding", "", "boxes", "images", "patients"] + (hasLabels ? ["images said<br>to have it"] : []) + [
                "small", "medium", "large",
            ]
        let rows = statistics.findings.map { finding in
            let boxes = Double(max(1, finding.boxes))
            let shares = [finding.small, finding.medium, finding.large].map { percent(Double($0) / boxes) }
            return HTMLTable.row(
                finding.findingClass.name,
                ["<td class=\"bar\">\(StatisticsPlots.bar(Double(finding.boxes) / most))</td>"]
                    + ([finding.boxes, finding.images, finding.patients] + (hasLabels ? [finding.labelledImages] : [])).map(HTMLTable.cell)
                    + shares.map { "<td class=\"share\">\($0)</td>" })
        }
        return "<h2>Findings</h2>\n" + HTMLTable.table(header, rows)
            + "<p class=\"note\">Small, medium and large are COCO's: boxes below 32 × 32 pixels, up to 96 × 96, and above.</p>\n"
    }

    private static func maps(_ statistics: DatasetStatistics) -> String {
        let figures = statistics.findings.filter { $0.boxes > 0 }.map { finding in
            let most = finding.places.coverage.max() ?? 0
            return
                "<figure><h3>\(MarkupText.escaped(finding.findingClass.name))</h3>\(StatisticsPlots.heatMap(finding))<figcaption>fullest: "
                + "\(percent(most)) of \(finding.boxes) boxes</figcaption></figure>"
        }
        guard !figures.isEmpty else { return "" }
        return "<h2>Places</h2>\n<div class=\"maps\">\(figures.joined(separator: "\n"))</div>\n"
            + "<p class=\"note\">Each square is the whole image, whatever its shape; the fuller the colour, the more boxes cover the place. R and L are the "
            + "patient's sides on a frontal image that hangs as usual.</p>\n"
    }

    private static func sizes(_ statistics: DatasetStatistics) -> String {
        let plot = StatisticsPlots.areas(statistics.findings)
        guard !plot.isEmpty else { return "" }
        return
            "<h2>Sizes of boxes</h2>\n\(plot)\n<p class=\"note\">Share of the image that a box covers, on a logarithmic scale: the line from the "
            + "smallest to the largest, the bar over the middle half, its gap at the median.</p>\n"
    }

    private static func parts(_ statistics: DatasetStatistics) -> String {
        let groups = [("Parts", statistics.parts), ("Folds", statistics.folds)].filter { !$0.1.isEmpty }
        return groups.map { title, parts in
            func rows(_ name: String, _ value: (PartCounts) -> Int) -> String {
                let total = Double(max(1, value(statistics.all)))
                return HTMLTable.row(
                    name,
                    parts.map { "<td>\(value($0)) <span class=\"share\">\(percent(Double(value($0)) / total))</span></td>" }
                        + [HTMLTable.cell(value(statistics.all))])
            }
            let header = [""] + parts.map { MarkupText.escaped($0.name) } + ["all"]
            let body =
                [
                    rows("images", \.images), rows("patients", \.patients), rows("images without boxes", \.imagesWithoutBoxes),
                    rows("boxes", \.boxes),
                ]
                + statistics.findings.enumerated().map { index, finding in rows(finding.findingClass.name) { $0.boxesOfFinding[index] } }
            return "<h2>\(title)</h2>\n" + HTMLTable.table(header, body)
        }.joined()
    }

    private static func together(_ statistics: DatasetStatistics) -> String {
        let findings = statistics.findings
        guard findings.count > 1 else { return "" }
        let rows = findings.enumerated().map { row, finding in
            let own = Double(max(1, statistics.together[row][row]))
            let cells = statistics.together[row].enumerated().map { column, count in
                let shade = row == column ? 0 : Double(count) / own * 0.6
                let square =
                    shade > 0
                    ? "<svg viewBox=\"0 0 1 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"fill\" width=\"1\" height=\"1\" "
                        + "fill-opacity=\"\(Rounding.text(Rounding.score(shade)))\"/></svg>" : ""
                return
                    "<td class=\"\(row == column ? "self" : count == 0 ? "zero" : "")\">\(square)<span>\(count == 0 ? "·" : "\(count)")</span></td>"
            }
            return HTMLTable.row(finding.findingClass.name, cells)
        }
        let header = ["images with both"] + findings.map { MarkupText.escaped($0.findingClass.name) }
        return "<h2>Findings on the same image</h2>\n" + HTMLTable.table(header, rows, class: "matrix")
            + "<p class=\"note\">How many images have boxes of both; the fuller the colour, the larger the share of the row's images.</p>\n"
    }

    private static func images(_ statistics: DatasetStatistics) -> String {
        func numbered(_ counts: [Int], from first: Int, _ name: (Int) -> String) -> [(String, Int)] {
            counts.enumerated().map { (name($0.offset + first), $0.element) }
        }
        var groups: [(String, [(String, Int)])] = [
            ("Boxes on an image", numbered(statistics.boxesPerImage, from: 0) { "\($0)" }),
            ("Images of a patient", numbered(statistics.imagesPerPatient, from: 1) { "\($0)" }),
            ("Image sizes", statistics.sizes.map { ("\($0.width) × \($0.height)", $0.count) }),
            ("Bits a sample", named(statistics.bits) + (statistics.unreadable > 0 ? [("cannot be read", statistics.unreadable)] : [])),
            ("Views", named(statistics.views)), ("Patients by sex", named(statistics.sexes)),
            ("Age at the image, years", numbered(statistics.agesByTens, from: 0) { "\($0 * 10) to \($0 * 10 + 9)" }),
            ("Boxes by reader", named(statistics.readers)), ("Said of whole images", named(statistics.labels)),
        ]
        groups.removeAll { $0.1.isEmpty }
        return "<h2>Images</h2>\n<div class=\"pairs\">\n" + groups.map { "<div><h3>\($0)</h3>\n\(bars($1))</div>\n" }.joined() + "</div>\n"
    }

    private static func named(_ counts: [DatasetStatistics.Count]) -> [(String, Int)] { counts.map { ($0.name, $0.count) } }

    /// At most `limit` bars; what is left is added up in a last one.
    private static func bars(_ counts: [(String, Int)], limit: Int = 14) -> String {
        var shown = counts
        if counts.count > limit {
            shown = Array(counts.prefix(limit - 1))
            shown.append(("others", counts.dropFirst(limit - 1).reduce(0) { $0 + $1.1 }))
        }
        let most = Double(max(1, shown.map(\.1).max() ?? 1))
        let total = Double(max(1, shown.reduce(0) { $0 + $1.1 }))
        return HTMLTable.table(
            nil,
            shown.map { name, count in
                HTMLTable.row(
                    name,
                    [
                        "<td class=\"bar\">\(StatisticsPlots.bar(Double(count) / most))</td>", HTMLTable.cell(count),
                        "<td class=\"share\">\(percent(Double(count) / total))</td>",
                    ])
            })
    }

    /// `12 %`; below one per cent with a decimal.
    private static func percent(_ share: Double) -> String {
        let value = 100 * share
        return value > 0 && value < 0.95 ? String(format: "%.1f %%", max(0.1, value)) : String(format: "%.0f %%", value)
    }
}
