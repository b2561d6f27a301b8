import Basics
import Charts
import Findings
import Foundation
import PleuraTesting
import Testing

@Suite struct LineChartTests {
    private let unit = ChartAxis(range: 0...1)

    @Test func pointsStandWhereTheirValuesAre() throws {
        let points = [SIMD2(0, 0.2), SIMD2(0.25, 0.9), SIMD2(0.5, 0.4), SIMD2(1, 1)]
        let chart = LineChart(
            "One line", x: ChartAxis("Recall", range: 0...1), y: ChartAxis("Precision", range: 0...2),
            series: [ChartSeries("a", points: points, ink: .palette(0), mark: .lineAndDots)])
        let svg = try SVGElement.parse(chart.svg())
        let field = try DrawnField(svg)
        let series = try #require(svg.groups("series", name: "a").first)
        let expected = points.map { field.point($0, x: 0...1, y: 0...2) }
        #expect(series.corners.count == 1 && series.corners[0].count == 4)
        for (corner, place) in zip(series.corners[0] + series.circles, expected + expected) { #expect(isNear(corner, place)) }
        #expect(field.width > 400 && field.height > 300)
        #expect(svg.attributes["aria-label"] == "One line")
    }

    @Test func onALogarithmicAxisPlacesAreThoseOfLogarithms() throws {
        let values = [0.001, 0.01, 0.5, 10]
        let chart = LineChart(
            x: ChartAxis(scale: .logarithmic, range: 0.001...10), y: unit,
            series: [ChartSeries("a", points: values.map { SIMD2($0, 0.5) } + [SIMD2(0, 0.5), SIMD2(-1, 0.5)], ink: .text)])
        let svg = try SVGElement.parse(chart.svg())
        let field = try DrawnField(svg)
        let corners = try #require(svg.groups("series").first).corners
        // Zero and below are on no logarithmic axis.
        #expect(corners.count == 1 && corners[0].count == 4)
        for (corner, value) in zip(corners[0], values) {
            #expect(isNear(corner, field.point(SIMD2(log10(value), 0.5), x: -3...1, y: 0...1)))
        }
    }

    /// A value that is not there breaks the line, and one alone between two gaps is a dot.
    @Test func gapsStayGaps() throws {
        let y = [0.1, 0.2, .nan, 0.3, .infinity, 0.4, 0.5]
        let chart = LineChart(
            x: ChartAxis(range: 0...6), y: unit, series: [ChartSeries("a", x: (0...6).map(Double.init), y: y, number: 0)])
        let svg = try SVGElement.parse(chart.svg())
        let field = try DrawnField(svg)
        let series = try #require(svg.groups("series").first)
        #expect(series.corners.map(\.count) == [2, 2])
        #expect(series.circles.count == 1)
        #expect(isNear(series.circles[0], field.point(SIMD2(3, 0.3), x: 0...6, y: 0...1)))
    }

    @Test func theBandIsTheAreaBetweenItsEnds() throws {
        let band = [ChartSeries.Interval(x: 0, lower: 0.1, upper: 0.4), ChartSeries.Interval(x: 1, lower: 0.5, upper: 0.9)]
        var line = ChartSeries("a", points: [SIMD2(0, 0.2), SIMD2(1, 0.7)], ink: .palette(2))
        line.band = band
        let svg = try SVGElement.parse(LineChart(x: unit, y: unit, series: [line]).svg())
        let field = try DrawnField(svg)
        let corners = try #require(svg.groups("band").first).corners
        let expected = [SIMD2(0, 0.4), SIMD2(1, 0.9), SIMD2(1, 0.5), SIMD2(0, 0.1)].map { field.point($0, x: 0...1, y: 0...1) }
        #expect(corners.count == 1 && corners[0].count == 4)
        for (corner, place) in zip(corners[0], expected) { #expect(isNear(corner, place)) }
    }

    /// Of 200,000 values at most four a half point are drawn, and in every column the least and the greatest are among them.
    @Test func aLongLineIsThinnedButKeepsItsReach() throws {
        var random = SeededGenerator(seed: 5)
        let count = 200_000
        let points = (0..<count).map { SIMD2(Double($0) / Double(count), Double.random(in: 0...1, using: &random)) }
        let chart = LineChart(x: unit, y: unit, series: [ChartSeries("a", points: points, ink: .text)])
        let svg = try SVGElement.parse(chart.svg())
        let field = try DrawnField(svg)
        let drawn = try #require(svg.groups("series").first?.corners.first)
        #expect(drawn.count <= Int(field.width * 2 + 1) * 4)
        func reach(_ places: [SIMD2<Double>]) -> [Int: ClosedRange<Double>] {
            places.reduce(into: [:]) { columns, place in
                let column = Int((place.x * 2).rounded(.down))
                let old = columns[column] ?? place.y...place.y
                columns[column] = min(old.lowerBound, place.y)...max(old.upperBound, place.y)
            }
        }
        let all = reach(points.map { field.point($0, x: 0...1, y: 0...1) })
        let kept = reach(drawn)
        // A place is written with two decimals, so a value at a column's edge may count to the neighbour's column.
        for (column, range) in all {
            let near = (-1...1).compactMap { kept[column + $0] }
            #expect(
                near.contains { $0.lowerBound <= range.lowerBound + 0.011 } && near.contains { $0.upperBound >= range.upperBound - 0.011 })
        }
        #expect(zip(drawn, drawn.dropFirst()).allSatisfy { $0.x <= $1.x })
    }

    /// Values that are all alike, or none at all, still make a chart.
    @Test func withoutRangesTheDataSayWhereTheAxesEnd() throws {
        for values in [[3.0, 3, 3], [0, 0], [-1e-9, 1e9], [1e300], [], [.nan]] {
            let chart = LineChart(
                x: ChartAxis(), y: ChartAxis(), series: [ChartSeries("a", x: values.indices.map(Double.init), y: values, number: 3)])
            let svg = try SVGElement.parse(chart.svg())
            let field = try DrawnField(svg)
            for corner in svg.groups("series").flatMap(\.corners).joined() {
                #expect(corner.x >= field.x - 0.01 && corner.x <= field.x + field.width + 0.01)
                #expect(corner.y >= field.y - 0.01 && corner.y <= field.y + field.height + 0.01)
            }
            #expect(svg.texts.contains("no data") == !values.contains { abs($0) < 1e200 })
        }
    }

    /// The structure of a small chart, piece by piece.
    @Test func theDocumentIsThis() throws {
        let chart = LineChart(
            "Loss & more", x: ChartAxis("Epoch", range: 0...2, isWhole: true), y: ChartAxis("Loss", range: 0...1),
            series: [
                ChartSeries("train", points: [SIMD2(0, 1), SIMD2(2, 0)], ink: .palette(4)),
                ChartSeries("<val>", points: [SIMD2(1, 0.5)], ink: .palette(5), mark: .dots),
            ])
        let expected = """
            svg
             rect
             text Loss & more
             g.legend
              path
              text train
              g
               circle
              text <val>
             g.axis [x]
              path
              text 0
              path
              text 1
              path
              text 2
              text Epoch
             g.axis [y]
              path
              text 0
              path
              text 1
              text Loss
             svg
              g.series [train]
               path
              g.series [<val>]
               g
                circle
             g.field
              rect
             g.notice
              text research use only, not a diagnosis

            """
        #expect(try SVGElement.parse(chart.svg(width: 300, height: 160)).outline() == expected)
    }

    /// No ids, style or script, which pages would have to allow or which clash in one page; colours of a page are its own.
    @Test func svgIsSafeInsideAPage() throws {
        let chart = LineChart(
            "</svg><script>x", x: ChartAxis("\" onload=\"x"), y: unit,
            series: [ChartSeries("a\u{0}\u{1B}\u{202E}b", points: [SIMD2(0, 0)], ink: .palette(0))])
        let svg = try chart.svg()
        let root = try SVGElement.parse(svg)
        #expect(Set((root.all + [root]).map(\.name)) == ["svg", "rect", "g", "path", "text", "circle"])
        let attributes = Set(root.all.flatMap(\.attributes.keys))
        #expect(attributes.isDisjoint(with: ["id", "style", "onload", "href"]))
        #expect(svg.contains("var(--text,#1B1B1D)") && root.texts.contains("a\u{FFFD}\u{FFFD}\u{FFFD}b"))
        let file = try chart.svg(theme: .light)
        #expect(!file.contains("var("))
    }
}
