import Basics
import Charts
import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import Testing

/// Whatever the data and the size, texts stay inside the picture and off each other.
@Suite struct LayoutTests {
    private let names = [
        "Atelectasis", "Effusion", "Cardiomegaly", "Infiltrate", "Pneumonia", "Pneumothorax", "Mass", "Nodule", "Pleural thickening",
        "Consolidation with a name that does not end anywhere near where one would think it should", "Ω", "",
    ]

    /// What the letters of every text cover, with half a point less all round.
    private func plates(_ svg: SVGElement) throws -> [(text: String, box: Box)] {
        let canvas = try DrawingCanvas(width: 1, height: 1)
        canvas.useExactText()
        return svg.all.filter { $0.name == "text" }.map { text in
            let size = text.number("font-size")
            canvas.setFont(size: size, bold: text.attributes["font-weight"] == "bold")
            let width = canvas.width(of: text.text)
            let before: Double = ["middle": width / 2, "end": width][text.attributes["text-anchor"] ?? ""] ?? 0
            let (x, y) = (text.number("x"), text.number("y"))
            // Small letters and capitals; what hangs below the line may touch a neighbour's air.
            let (left, top, high): (Double, Double, Double) = (-before, -0.73 * size, 0.73 * size)
            let isUpright = text.attributes["transform"]?.hasPrefix("rotate(-90") == true
            let box =
                isUpright
                ? Box(x: x + top, y: y - left - width, width: high, height: width)
                : Box(x: x + left, y: y + top, width: width, height: high)
            return (text.text, Box(x: box.x + 0.5, y: box.y + 0.5, width: box.width - 1, height: box.height - 1))
        }
    }

    private func check(_ chart: some Chart, width: Int, height: Int) throws {
        let svg = try SVGElement.parse(chart.svg(width: width, height: height))
        let plates = try plates(svg)
        let picture = Box(x: 0, y: 0, width: Double(width), height: Double(height))
        for (index, plate) in plates.enumerated() {
            let inside = plate.box.intersection(picture).area
            #expect(plate.box.isEmpty || inside >= plate.box.area - 0.01, "\(plate) leaves \(width) x \(height) of \(chart)")
            for other in plates[(index + 1)...] {
                #expect(plate.box.intersection(other.box).area == 0, "\(plate) on \(other) at \(width) x \(height)")
            }
        }
        #expect(svg.texts.last == Notice.banner || width < 240)
    }

    @Test(arguments: 0..<40)
    func textsOfLineChartsStandFree(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let size = pow(10, Double.random(in: -9...9, using: &random))
        let count = Int.random(in: 0...14, using: &random)
        let series = (0..<count).map { number in
            let x = (0..<20).map { _ in Double.random(in: 0.001...1, using: &random) * size }
            return ChartSeries(
                names[number % names.count], x: x, y: x.map { $0 * Double.random(in: 0.5...500, using: &random) }, number: number)
        }
        let scales: [ChartAxis.Scale] = [.linear, .logarithmic]
        let chart = LineChart(
            names[seed % names.count], x: ChartAxis("Time (s)", scale: scales[seed % 2]),
            y: ChartAxis("Value", scale: scales[seed / 2 % 2]),
            series: series)
        try check(chart, width: Int.random(in: 300...1_200, using: &random), height: Int.random(in: 160...900, using: &random))
    }

    @Test(arguments: 0..<30)
    func textsOfBarsAndTablesStandFree(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(100 + seed))
        let count = Int.random(in: 1...30, using: &random)
        let size = pow(10, Double.random(in: -4...5, using: &random))
        let labels = (0..<count).map { names[$0 % names.count] }
        let values = labels.map { _ in Double.random(in: 0...1, using: &random) * size }
        let (width, height) = (Int.random(in: 300...1_200, using: &random), Int.random(in: 240...900, using: &random))
        let bars = zip(labels, values).map { BarChart.Bar($0, value: $1, interval: ($1 * 0.8)...($1 * 1.3)) }
        try check(BarChart("Bars", axis: ChartAxis("AP"), bars: bars), width: width, height: height)
        let table = labels.map { _ in values.map { $0.rounded() } }
        try check(
            HeatMap("Table", xTitle: "True", yTitle: "Predicted", columns: labels, rows: labels, values: table), width: width,
            height: height)
    }

    @Test func textsOfGridsAndReliabilityStandFree() throws {
        for (width, height) in [(500, 400), (1_200, 620), (400, 900)] {
            let bins = (0..<10).map {
                ReliabilityDiagram.Bin(score: Double($0) / 10 + 0.05, rate: 0.3, interval: 0.2...0.4, count: 1 << $0)
            }
            let reliability = ReliabilityDiagram("Reliability", curves: [.init("raw", bins: bins, ink: .palette(4))])
            try check(reliability, width: width, height: height)
            let line = LineChart(
                "metrics/mAP50-95(B)", x: ChartAxis("Epoch", isWhole: true), y: ChartAxis(),
                series: [ChartSeries("", x: [0, 1, 2], y: [0.01, 0.02, 0.04], number: 0)])
            try check(ChartGrid("Results", charts: Array(repeating: line, count: 4), columns: 2), width: width, height: height)
        }
    }
}
