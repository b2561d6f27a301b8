import Charts
import Foundation

extension RunCharts {
    /// A column of `results.csv`.
    public struct Column: Hashable, Sendable {
        /// As the table has it: `train/box_loss`.
        public var name: String
        /// A row each; a value that is not finite is a gap, as where an epoch was not validated.
        public var values: [Double]

        public init(_ name: String, values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    /// `results.png`: a small chart a column, its values, thin, and a thick smooth curve through them.
    /// - Parameters:
    ///   - x: What the rows are counted by; as many as there are values.
    ///   - xTitle: `Epoch` or `Step`.
    public static func results(columns: [Column], x: [Double], xTitle: String = "Epoch") throws -> Data {
        let charts = columns.map { column in
            let points = zip(x, column.values).map { SIMD2($0, $1) }
            // Dots of thousands of steps would be a wall.
            let isLong = points.count > 300
            return LineChart(
                column.name, x: ChartAxis(xTitle, isWhole: true), y: ChartAxis(),
                series: [
                    ChartSeries(
                        "values", points: points, ink: .palette(1), mark: isLong ? .line : .lineAndDots, width: isLong ? 0.6 : 1,
                        opacity: isLong ? 0.6 : 0.9),
                    ChartSeries("smoothed", points: CurveSmoothing.curve(points), ink: .palette(5), width: 2),
                ], hasLegend: false)
        }
        let across = charts.count <= 3 ? max(1, charts.count) : charts.count <= 8 ? (charts.count + 1) / 2 : 5
        let rows = max(1, (charts.count + across - 1) / across)
        let grid = ChartGrid("Results: each value (thin) and smoothed (thick)", charts: charts, columns: across)
        return try grid.png(width: max(420, across * 260), height: rows * 240 + 50, scale: scale)
    }
}
