import Findings
import Geometry

/// Several charts in rows, as one.
public struct ChartGrid: Chart {
    public var title: String
    public var charts: [any Chart]
    public var columns: Int

    /// - Parameter columns: Charts in a row; at least 1.
    public init(_ title: String = "", charts: [any Chart], columns: Int) {
        self.title = title
        self.charts = charts
        self.columns = max(1, columns)
    }

    public func draw(with pen: inout ChartPen, in box: Box) {
        let rest = drawTitle(with: &pen, in: box)
        let rows = max(1, (charts.count + columns - 1) / columns)
        let gap = 14.0
        let width = (rest.width - gap * Double(columns - 1)) / Double(columns)
        let height = (rest.height - gap * Double(rows - 1)) / Double(rows)
        guard width > 1, height > 1 else { return }
        for (index, chart) in charts.enumerated() {
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            let cell = Box(
                x: rest.x + Double(column) * (width + gap), y: rest.y + Double(row) * (height + gap), width: width, height: height)
            pen.group("chart", name: chart.title) { chart.draw(with: &$0, in: cell) }
        }
    }
}
