import Basics
import Datasets
import Findings
import Foundation
import Reports

/// Drawings of the statistics' page, as SVG that takes its colours from the page's style.
enum StatisticsPlots {
    /// A bar over its whole cell, `share` of it filled.
    static func bar(_ share: Double) -> String {
        let width = Rounding.text(Rounding.pixels(100 * max(0, min(1, share.isFinite ? share : 0))))
        return
            "<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"ground\" width=\"100\" height=\"10\"/>"
            + "<rect class=\"fill\" width=\"\(width)\" height=\"10\"/></svg>"
    }

    /// Where a finding's boxes are: the more of them cover a cell, the fuller its colour. Ten steps up to the cell that most cover.
    static func heatMap(_ finding: FindingStatistics) -> String {
        let side = PlaceMap.side
        let coverage = finding.places.coverage
        let most = coverage.max() ?? 0
        var steps = Array(repeating: "", count: 10)
        if most > 0 {
            for row in 0..<side {
                var column = 0
                while column < side {
                    let step = level(coverage[row * side + column], most)
                    var end = column + 1
                    while end < side, level(coverage[row * side + end], most) == step { end += 1 }
                    if step > 0 { steps[step - 1] += "M\(column) \(row)h\(end - column)v1h-\(end - column)z" }
                    column = end
                }
            }
        }
        let paths = steps.enumerated().filter { !$0.element.isEmpty }.map { step, path in
            "<path class=\"fill\" fill-opacity=\"\(Rounding.text(Rounding.pixels(0.06 + 0.094 * Double(step))))\" d=\"\(path)\"/>"
        }.joined()
        let third = Rounding.text(Rounding.pixels(Double(side) / 3))
        let twoThirds = Rounding.text(Rounding.pixels(Double(side) * 2 / 3))
        let lines = [third, twoThirds].map { "M\($0) 0V\(side)M0 \($0)H\(side)" }.joined()
        return "<svg viewBox=\"0 0 \(side) \(side)\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"Places of "
            + "\(MarkupText.escaped(finding.findingClass.name))\">\(paths)<path class=\"thirds\" d=\"\(lines)\"/>"
            + "<text class=\"side\" x=\"1\" y=\"3\">R</text><text class=\"side\" x=\"\(side - 1)\" y=\"3\" text-anchor=\"end\">L</text></svg>"
    }

    private static func level(_ value: Double, _ most: Double) -> Int {
        value <= 0 ? 0 : max(1, min(10, Int((value / most * 10).rounded(.up))))
    }

    /// Box plots on one logarithmic axis: the share of the image that boxes of each finding cover.
    static func areas(_ findings: [FindingStatistics]) -> String {
        let shown = findings.compactMap { finding in finding.areaShare.map { (finding, $0) } }
        guard let least = shown.map(\.1.least).filter({ $0 > 0 }).min(), let greatest = shown.map(\.1.greatest).max() else { return "" }
        // Whole steps of 1, 3, 10, 30 % … around everything.
        let marks = [0.000_01, 0.000_03, 0.000_1, 0.000_3, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]
        let low = marks.last { $0 <= least } ?? marks[0]
        let high = marks.first { $0 >= greatest } ?? 1
        let (left, right, rowHeight) = (170.0, 840.0, 28.0)
        func x(_ share: Double) -> String {
            let place = (log(max(low, share)) - log(low)) / max(1e-9, log(high) - log(low))
            return Rounding.text(Rounding.pixels(left + (right - left) * max(0, min(1, place))))
        }
        let height = Double(shown.count) * rowHeight + 30
        var svg = "<svg class=\"wide\" viewBox=\"0 0 860 \(Int(height))\" role=\"img\" aria-label=\"Sizes of boxes\">"
        for mark in marks where mark >= low && mark <= high {
            svg += "<line class=\"axis\" x1=\"\(x(mark))\" x2=\"\(x(mark))\" y1=\"4\" y2=\"\(Int(height) - 24)\"/>"
            let percent = Rounding.text((mark * 1_000_000).rounded() / 10_000)
            svg += "<text class=\"tick\" x=\"\(x(mark))\" y=\"\(Int(height) - 8)\" text-anchor=\"middle\">\(percent) %</text>"
        }
        for (row, (finding, share)) in shown.enumerated() {
            let middle = Double(row) * rowHeight + 18
            let (top, bottom) = (Rounding.text(middle - 8), Rounding.text(middle + 8))
            svg +=
                "<text class=\"label\" x=\"0\" y=\"\(Rounding.text(middle + 4))\">\(MarkupText.escaped(short(finding.findingClass.name)))</text>"
            svg +=
                "<line class=\"whisker\" x1=\"\(x(share.least))\" x2=\"\(x(share.greatest))\" y1=\"\(Rounding.text(middle))\" y2=\"\(Rounding.text(middle))\"/>"
            let start = Double(x(share.lower)) ?? left
            let width = max(2, (Double(x(share.upper)) ?? right) - start)
            svg +=
                "<rect class=\"fill\" x=\"\(Rounding.text(start))\" y=\"\(top)\" width=\"\(Rounding.text(Rounding.pixels(width)))\" height=\"16\"/>"
            svg += "<line class=\"middle\" x1=\"\(x(share.median))\" x2=\"\(x(share.median))\" y1=\"\(top)\" y2=\"\(bottom)\"/>"
        }
        return svg + "</svg>"
    }

    /// A name that fits beside a plot.
    private static func short(_ name: String) -> String { name.count > 21 ? name.prefix(20) + "…" : name }
}
