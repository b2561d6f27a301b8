import Basics
import Charts
import Findings
import Foundation
import PleuraTesting
import Radiographs
import Testing

@Suite struct OtherChartTests {
    @Test func barsAreAsLongAsTheirValues() throws {
        let bars = [
            BarChart.Bar("a", value: 0.5, interval: 0.4...0.7), BarChart.Bar("b", value: -0.25), BarChart.Bar("c", value: 1),
            BarChart.Bar("d", value: .nan),
        ]
        let chart = BarChart(axis: ChartAxis("AP", range: -0.5...1), bars: bars)
        let svg = try SVGElement.parse(chart.svg())
        func bar(_ name: String) throws -> SVGElement { try #require(svg.groups("bar", name: name).first) }
        func edges(_ name: String) throws -> (Double, Double) {
            let rect = try #require(try bar(name).children.first { $0.name == "rect" })
            return (rect.number("x"), rect.number("x") + rect.number("width"))
        }
        let unit = try edges("c").1 - edges("c").0
        let zero = try edges("c").0
        #expect(unit > 100)
        #expect(try abs(edges("a").0 - zero) < 0.02 && abs(edges("a").1 - zero - unit / 2) < 0.02)
        #expect(try abs(edges("b").1 - zero) < 0.02 && abs(edges("b").0 - zero + unit / 4) < 0.02)
        #expect(try bar("d").children.isEmpty)
        let whisker = try bar("a").corners[0]
        #expect(abs(whisker[0].x - zero - 0.4 * unit) < 0.02 && abs(whisker[1].x - zero - 0.7 * unit) < 0.02)
        #expect(svg.texts.contains("0.5") && svg.texts.contains("-0.25") && svg.texts.contains("?"))
    }

    @Test func reliabilityStandsWhereScoreAndRateAre() throws {
        let bins = [
            ReliabilityDiagram.Bin(score: 0.1, rate: 0.05, interval: 0...0.2, count: 30),
            ReliabilityDiagram.Bin(score: 0.8, rate: 0.5, count: 10),
        ]
        let svg = try SVGElement.parse(ReliabilityDiagram("R", curves: [.init("raw", bins: bins, ink: .palette(4))]).svg())
        let upper = try DrawnField(svg)
        let lower = try DrawnField(svg, number: 1)
        #expect(upper.x == lower.x && upper.width == lower.width && lower.y > upper.y + upper.height)
        let series = svg.groups("series", name: "raw")
        #expect(series.count == 2)
        for (corner, bin) in zip(series[0].corners[0], bins) {
            #expect(isNear(corner, upper.point(SIMD2(bin.score, bin.rate), x: 0...1, y: 0...1)))
        }
        // The counts are to each other as 3 to 1.
        let heights = series[1].corners.map { abs($0[1].y - $0[0].y) }
        #expect(heights.count == 2 && abs(heights[0] - 3 * heights[1]) < 0.05)
        let diagonal = try #require(svg.groups("series", name: "score is probability").first).corners[0]
        #expect(isNear(diagonal[0], SIMD2(upper.x, upper.y + upper.height)) && isNear(diagonal[1], SIMD2(upper.x + upper.width, upper.y)))
    }

    @Test func aTableShowsEveryNumberInItsPlace() throws {
        let values = [[11.0, 0], [.nan, 22], [33, 44]]
        let table = HeatMap(xTitle: "True", yTitle: "Predicted", columns: ["p", "q"], rows: ["r", "s", "t"], values: values)
        let svg = try SVGElement.parse(table.svg())
        let cells = try #require(svg.groups("cells").first).all.filter { $0.name == "text" }
        #expect(cells.map(\.text) == ["11", "·", "22", "33", "44"])
        let places = cells.map { SIMD2($0.number("x"), $0.number("y")) }
        #expect(places[0].y == places[1].y && places[3].y == places[4].y && places[0].y < places[2].y && places[2].y < places[3].y)
        #expect(places[0].x == places[3].x && places[1].x == places[2].x && places[0].x < places[1].x)
        // Names stand before their rows and below their columns.
        func place(_ text: String) throws -> SIMD2<Double> {
            let element = try #require(svg.all.first { $0.name == "text" && $0.text == text })
            return SIMD2(element.number("x"), element.number("y"))
        }
        #expect(try abs(place("p").x - places[0].x) <= 1 && abs(place("q").x - places[1].x) <= 1)
        #expect(try abs(place("r").y - places[0].y) <= 1 && abs(place("t").y - places[3].y) <= 1)
    }

    /// The palette is that of pictures, but for the two colours that paper does not show.
    @Test func colours() {
        #expect(
            ChartPalette.colours.map(\.hex) == [
                "#E69F00", "#56B4E9", "#009E73", "#A89A00", "#0072B2", "#D55E00", "#CC79A7", "#7F7F7F",
            ])
        #expect(ChartPalette.colour(-1) == ChartPalette.colour(7) && ChartPalette.colour(8) == ChartPalette.colour(0))
        #expect(ChartPalette.colour(.min).hex.count == 7 && ChartPalette.colour(.max).hex.count == 7)
    }
}
