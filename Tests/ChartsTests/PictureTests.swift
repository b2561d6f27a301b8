import Charts
import Findings
import Foundation
import PleuraTesting
import Radiographs
import Testing

/// PNGs: the right size, ink where the data are, and none where there is nothing.
@Suite struct PictureTests {
    @Test(arguments: [1.0, 2.0, 0.5])
    func inkIsWhereTheLineIs(scale: Double) throws {
        let points = [SIMD2(0.05, 0.12), SIMD2(0.55, 0.87), SIMD2(0.93, 0.33)]
        let chart = LineChart(
            x: ChartAxis(range: 0...1), y: ChartAxis(range: 0...1), series: [ChartSeries("", points: points, ink: .text, width: 4)])
        let picture = try DrawnPictures.decoded(chart.png(width: 500, height: 300, scale: scale))
        #expect(picture.width == Int(500 * scale) && picture.height == Int(300 * scale))
        let field = try DrawnField(SVGElement.parse(chart.svg(width: 500, height: 300)))
        func grey(_ place: SIMD2<Double>) -> UInt16 {
            picture.samples[Int(place.y * scale) * picture.width + Int(place.x * scale)]
        }
        for (start, end) in zip(points, points.dropFirst()) {
            for share in stride(from: 0.0, through: 1, by: 0.01) {
                let value = start + (end - start) * share
                #expect(grey(field.point(value, x: 0...1, y: 0...1)) < 90, "\(value)")
                // Beside the line, between grid lines, is ground.
                let beside = field.point(value + SIMD2(0, 0.06), x: 0...1, y: 0...1)
                let isOnGrid = [beside.x - field.x, beside.y - field.y].enumerated().contains { axis, distance in
                    let step = (axis == 0 ? field.width : field.height) / 10
                    return abs(distance / step - (distance / step).rounded()) * step < 3
                }
                let isNearTheOther = abs(value.x - 0.55) < 0.1
                if !isOnGrid, !isNearTheOther, beside.y > field.y + 2 { #expect(grey(beside) > 250, "\(value)") }
            }
        }
    }

    /// Text is drawn: there is ink in the title, and it is as wide as the SVG says.
    @Test func titlesAreDrawn() throws {
        let chart = LineChart("Hamburgefonts", x: ChartAxis(range: 0...1), y: ChartAxis(range: 0...1), series: [])
        let picture = try DrawnPictures.decoded(chart.png(width: 400, height: 300, scale: 2))
        let columns = (0..<picture.width).filter { column in
            (20..<46).contains { picture.samples[$0 * picture.width + column] < 100 }
        }
        let canvas = try DrawingCanvas(width: 1, height: 1)
        canvas.useExactText()
        canvas.setFont(size: 13, bold: true)
        let width = 2 * canvas.width(of: "Hamburgefonts")
        let (first, last) = (try #require(columns.first), try #require(columns.last))
        #expect(first >= 20 && first < 26 && abs(Double(last - first) - width) < 6)
    }

    /// A cell is as dark as its share, and white where it is zero or not there.
    @Test func cellsAreAsFullAsTheirNumbers() throws {
        let values = [[0, 1, 2], [4, .nan, 8]]
        let table = HeatMap(columns: ["", "", ""], rows: ["", ""], values: values, maximum: 8)
        let picture = try DrawnPictures.decoded(table.png(width: 400, height: 300))
        let svg = try SVGElement.parse(table.svg(width: 400, height: 300, theme: .light))
        // The frame comes behind the cells.
        let frame = try #require(svg.children.last { $0.name == "rect" && $0.attributes["fill"] == "none" && $0.number("width") > 100 })
        var greys: [Double: UInt16] = [:]
        for (row, line) in values.enumerated() {
            for (column, value) in line.enumerated() {
                let x = frame.number("x") + (Double(column) + 0.2) * frame.number("width") / 3
                let y = frame.number("y") + (Double(row) + 0.2) * frame.number("height") / 2
                let grey = picture.samples[Int(y) * picture.width + Int(x)]
                if value.isFinite { greys[value] = grey } else { #expect(grey == 255) }
            }
        }
        #expect(greys[0] == 255)
        let rising = [0.0, 1, 2, 4, 8].compactMap { greys[$0] }
        #expect(rising.count == 5 && zip(rising, rising.dropFirst()).allSatisfy { $0 > $1 })
        // Opacity 0.03 + 0.67 x share of #0072B2, whose luminance is 0.299 x 0 + 0.587 x 114 + 0.114 x 178 = 87.
        for (value, grey) in greys where value > 0 {
            #expect(abs(Double(grey) - (255 - (0.03 + 0.67 * value / 8) * (255 - 87.2))) < 2, "\(value)")
        }
    }

    /// A picture larger than Cairo can draw is an error, not a crash.
    @Test func aPictureThatIsTooLargeIsRefused() throws {
        let chart = LineChart(x: ChartAxis(), y: ChartAxis(), series: [])
        #expect(throws: RadiographError.self) { try chart.png(width: 40_000, height: 100) }
        #expect(throws: RadiographError.self) { try chart.png(width: 4_000, height: 100, scale: 16) }
        #expect(try DrawnPictures.decoded(chart.png(width: -5, height: 0)).width == 60)
    }

    /// Values, counts and names of every kind are drawn.
    @Test func oddValuesAreDrawn() throws {
        let odd: [Double] = [.nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, 0, -0.0, 1]
        let name = String(repeating: "Ein sehr langer Befund ", count: 200) + "\u{0}\n\u{1B}[2J\u{202E}\u{FFFF}"
        let series = [ChartSeries(name, x: odd, y: odd.reversed(), number: -3), ChartSeries("", x: [], y: [], number: 99)]
        let edges = [ChartAxis.Scale.linear, .logarithmic]
        let bins = odd.map { ReliabilityDiagram.Bin(score: $0, rate: $0, count: .max) }
        var charts: [any Chart] = []
        for scale in edges {
            let axis = ChartAxis(name, scale: scale, isWhole: true)
            charts.append(LineChart(name, x: axis, y: axis, series: series))
            charts.append(LineChart(x: ChartAxis(scale: scale, range: 0...0), y: ChartAxis(range: -1e308...1e308), series: series))
            charts.append(BarChart(name, axis: axis, bars: odd.map { BarChart.Bar(name, value: $0, ink: .palette(.min)) }))
        }
        charts.append(HeatMap(name, xTitle: name, yTitle: name, columns: [name, ""], rows: [name], values: [odd, odd], decimals: 99))
        charts.append(HeatMap(columns: [], rows: [name], values: []))
        charts.append(ReliabilityDiagram(name, curves: [.init(name, bins: bins, ink: .palette(0))]))
        charts.append(ChartGrid(name, charts: [], columns: 0))
        let all = charts
        charts.append(ChartGrid(name, charts: all, columns: 5))
        for chart in charts {
            for (width, height) in [(60, 60), (400, 300)] {
                #expect(try DrawnPictures.decoded(chart.png(width: width, height: height)).height == height)
                _ = try SVGElement.parse(chart.svg(width: width, height: height))
            }
        }
    }
}
