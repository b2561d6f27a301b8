import Findings
import Geometry

/// A table whose cells are the fuller of colour the larger their numbers, with the numbers: a confusion matrix, for one.
public struct HeatMap: Chart {
    public var title: String
    public var xTitle: String
    public var yTitle: String
    public var columns: [String]
    public var rows: [String]
    /// By row, from the top; a cell that is not finite stays empty, as does one that is missing.
    public var values: [[Double]]
    /// What has the fullest colour; the largest value where absent.
    public var maximum: Double?
    /// Of the numbers in the cells.
    public var decimals: Int
    /// Whether a zero is written, or only a dot.
    public var showsZero: Bool

    public init(
        _ title: String = "", xTitle: String = "", yTitle: String = "", columns: [String], rows: [String], values: [[Double]],
        maximum: Double? = nil, decimals: Int = 0, showsZero: Bool = false
    ) {
        self.title = title
        self.xTitle = xTitle
        self.yTitle = yTitle
        self.columns = columns
        self.rows = rows
        self.values = values
        self.maximum = maximum
        self.decimals = decimals
        self.showsZero = showsZero
    }

    /// A cell's colour leaves its number readable, in the dark as in the light.
    private static let fullest = 0.7
    private static let emptiest = 0.03
    static let ink = ChartInk.palette(4)

    public func draw(with pen: inout ChartPen, in box: Box) {
        let rest = drawTitle(with: &pen, in: box)
        guard !columns.isEmpty, !rows.isEmpty else {
            return pen.write("no data", at: SIMD2(rest.centerX, rest.centerY), ink: .quiet, anchor: .middle)
        }
        let size = ChartMetrics.labelSize
        let titleLine = ChartMetrics.line(size)
        let rowNames = rows.map { pen.fitted($0, into: rest.width * 0.3) }
        let left = pen.width(ofWidest: rowNames) + 6 + (yTitle.isEmpty ? 0 : titleLine + 6)
        let scaleWidth = 58.0
        let width = max(8, rest.width - left - scaleWidth)
        let cellWidth = width / Double(columns.count)
        // Flat where every name has room, else all upright.
        let isFlat = columns.allSatisfy { pen.width(of: $0) <= cellWidth - 6 }
        let columnNames = isFlat ? columns : columns.map { pen.fitted($0, into: rest.height * 0.35) }
        let below = (isFlat ? titleLine : pen.width(ofWidest: columnNames) + 4) + 4 + (xTitle.isEmpty ? 0 : titleLine + 4)
        let field = Self.snapped(Box(x: rest.x + left, y: rest.y + 2, width: width, height: max(8, rest.height - below - 2)))
        let cell = SIMD2(field.width / Double(columns.count), field.height / Double(rows.count))
        drawNames(rowNames, columnNames, isFlat, field, cell, with: &pen)
        pen.write(pen.fitted(xTitle, into: field.width), at: SIMD2(field.centerX, rest.maxY - 3), anchor: .middle)
        pen.write(pen.fitted(yTitle, into: field.height), at: SIMD2(rest.x + size, field.centerY), anchor: .middle, degrees: -90)
        let most = fullestValue
        pen.group("cells") { drawCells(field, cell, most, with: &$0) }
        pen.add(.frame(field, ChartStroke(ink: .quiet, width: 0.8)))
        drawScale(in: Box(x: field.maxX + 14, y: field.y, width: 12, height: field.height), most, with: &pen)
    }

    private var fullestValue: Double {
        let largest = values.joined().reduce(0) { $1.isFinite && abs($1) < 1e200 ? max($0, $1) : $0 }
        let most = maximum ?? largest
        return most.isFinite && most > 0 ? most : 1
    }

    /// With its edges on whole points: neighbours leave no seam between them.
    private static func snapped(_ box: Box) -> Box {
        Box(x0: box.x.rounded(), y0: box.y.rounded(), x1: box.maxX.rounded(), y1: box.maxY.rounded())
    }

    private func opacity(_ share: Double) -> Double {
        share <= 0 ? 0 : Self.emptiest + (Self.fullest - Self.emptiest) * min(1, share)
    }

    private func drawNames(
        _ rowNames: [String], _ columnNames: [String], _ isFlat: Bool, _ field: Box, _ cell: SIMD2<Double>, with pen: inout ChartPen
    ) {
        let size = ChartMetrics.labelSize
        // Names that would stand on each other are left out, every second or more.
        let (skipRows, skipColumns) = (max(1, Int((size * 1.1 / cell.y).rounded(.up))), max(1, Int((size * 1.1 / cell.x).rounded(.up))))
        for (row, name) in rowNames.enumerated() where row % skipRows == 0 {
            pen.write(name, at: SIMD2(field.x - 6, field.y + (Double(row) + 0.5) * cell.y + size * 0.36), anchor: .end)
        }
        for (column, name) in columnNames.enumerated() where column % skipColumns == 0 {
            let middle = field.x + (Double(column) + 0.5) * cell.x
            if isFlat {
                pen.write(name, at: SIMD2(middle, field.maxY + 4 + size), anchor: .middle)
            } else {
                pen.write(name, at: SIMD2(middle + size * 0.36, field.maxY + 6), anchor: .end, degrees: -90)
            }
        }
    }

    private func drawCells(_ field: Box, _ cell: SIMD2<Double>, _ most: Double, with pen: inout ChartPen) {
        let size = min(ChartMetrics.labelSize, cell.y * 0.7)
        for (row, line) in values.prefix(rows.count).enumerated() {
            for (column, value) in line.prefix(columns.count).enumerated() where value.isFinite {
                let place = Self.snapped(
                    Box(x: field.x + Double(column) * cell.x, y: field.y + Double(row) * cell.y, width: cell.x, height: cell.y))
                let full = opacity(value / most)
                if full > 0 { pen.add(.box(place, ChartFill(ink: Self.ink, opacity: full))) }
                let text = value == 0 && !showsZero ? "·" : AxisNumbers.fixed(value, decimals: decimals)
                // Too small to be read is worse than nothing.
                guard size >= 6, pen.width(of: text, size: size) <= cell.x - 2 else { continue }
                pen.write(
                    text, at: SIMD2(place.centerX, place.centerY + size * 0.36), size: size, ink: value == 0 ? .quiet : .text,
                    anchor: .middle)
            }
        }
    }

    /// What the colours mean, at the right.
    private func drawScale(in box: Box, _ most: Double, with pen: inout ChartPen) {
        let steps = 40
        for step in 0..<steps {
            let share = (Double(step) + 0.5) / Double(steps)
            let height = box.height / Double(steps)
            pen.add(
                .box(
                    Self.snapped(Box(x: box.x, y: box.maxY - Double(step + 1) * height, width: box.width, height: height)),
                    ChartFill(ink: Self.ink, opacity: opacity(share))))
        }
        pen.add(.frame(box, ChartStroke(ink: .quiet, width: 0.8)))
        for tick in AxisTicks.linear(from: 0, to: most, count: max(1, min(6, Int(box.height / 30)))) {
            let y = box.maxY - tick.value / most * box.height
            pen.add(.line([SIMD2(box.maxX, y), SIMD2(box.maxX + 3, y)], ChartStroke(ink: .quiet, width: 0.8)))
            pen.write(
                tick.label, at: SIMD2(box.maxX + 5, y + ChartMetrics.tickSize * 0.36), size: ChartMetrics.tickSize, ink: .quiet)
        }
    }
}
