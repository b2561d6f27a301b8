import Findings
import Geometry

/// The field between two axes: where values stand, and the axes drawn.
struct PlotFrame: Sendable {
    /// What the values are drawn in, in points.
    let field: Box
    let x: AxisScale
    let y: AxisScale
    private let axes: (x: ChartAxis, y: ChartAxis)
    private let outer: Box
    private static let gap = 4.0

    /// Takes as much of the box as numbers and titles leave.
    /// - Parameters:
    ///   - isSquare: One length for both axes.
    ///   - leastLeft: Room kept on the left, so that frames above each other begin at one place.
    init(
        pen: ChartPen, box: Box, x xAxis: ChartAxis, y yAxis: ChartAxis, extents: (x: ValueExtent, y: ValueExtent), isXTight: Bool = true,
        isSquare: Bool = false, leastLeft: Double = 0
    ) {
        axes = (xAxis, yAxis)
        outer = box
        let tickLine = ChartMetrics.line(ChartMetrics.tickSize)
        let titleLine = ChartMetrics.line(ChartMetrics.labelSize)
        let below = tickLine + Self.gap + (xAxis.title.isEmpty ? 0 : titleLine)
        // Half of the topmost number.
        let above = ChartMetrics.tickSize * 0.6
        let height = max(8, box.height - below - above)
        let yScale = AxisScale(yAxis, extent: extents.y, count: Int(height / 34), isTight: false)
        let numbers = pen.width(ofWidest: yScale.ticks.map(\.label), size: ChartMetrics.tickSize)
        let left = max(leastLeft, numbers + Self.gap + 2 + (yAxis.title.isEmpty ? 0 : titleLine + 2))
        var width = max(8, box.width - left)
        // The last number stands half outside.
        var xScale = AxisScale(xAxis, extent: extents.x, count: 1, isTight: isXTight)
        var right = 0.0
        for count in stride(from: max(1, Int(width / 42)), through: 1, by: -1) {
            xScale = AxisScale(xAxis, extent: extents.x, count: count, isTight: isXTight)
            let last = xScale.ticks.filter { !$0.label.isEmpty }.max { xScale.share($0.value) < xScale.share($1.value) }
            right =
                last.map {
                    max(0, pen.width(of: $0.label, size: ChartMetrics.tickSize) / 2 - (1 - xScale.share($0.value)) * width)
                } ?? 0
            if Self.fits(xScale, width: width - right, pen) { break }
        }
        width = max(8, width - right)
        let side = min(width, height)
        x = xScale
        y = yScale
        field = Box(x: box.x + left, y: box.y + above, width: isSquare ? side : width, height: isSquare ? side : height)
    }

    private static func fits(_ scale: AxisScale, width: Double, _ pen: ChartPen) -> Bool {
        var end = -Double.infinity
        let numbered = scale.ticks.filter { !$0.label.isEmpty }
        for tick in scale.isReversed ? numbered.reversed() : numbered {
            let half = pen.width(of: tick.label, size: ChartMetrics.tickSize) / 2
            let middle = scale.share(tick.value) * width
            if middle - half < end + 8 { return false }
            end = middle + half
        }
        return true
    }

    /// Where a pair of values stands, in points; absent where either is a gap.
    func point(_ pair: SIMD2<Double>) -> SIMD2<Double>? {
        guard ValueExtent.isDrawable(pair.x, x.scale), ValueExtent.isDrawable(pair.y, y.scale) else { return nil }
        return SIMD2(horizontal(pair.x), vertical(pair.y))
    }

    func horizontal(_ value: Double) -> Double { field.x + x.share(value) * field.width }
    func vertical(_ value: Double) -> Double { field.maxY - y.share(value) * field.height }

    /// Grid, numbers and titles; what is drawn next stands on it.
    func draw(with pen: inout ChartPen) {
        pen.group("axis", name: "x") { drawHorizontal(with: &$0) }
        pen.group("axis", name: "y") { drawVertical(with: &$0) }
    }

    /// The field's outline, over what is in it.
    func drawOutline(with pen: inout ChartPen) {
        pen.group("field") { $0.add(.frame(field, ChartStroke(ink: .quiet, width: 0.8))) }
    }

    private func drawHorizontal(with pen: inout ChartPen) {
        for tick in x.ticks {
            let place = horizontal(tick.value)
            pen.add(
                .line([SIMD2(place, field.y), SIMD2(place, field.maxY)], ChartStroke(ink: .grid, width: tick.label.isEmpty ? 0.4 : 0.8)))
            pen.write(
                tick.label, at: SIMD2(place, field.maxY + Self.gap + ChartMetrics.tickSize), size: ChartMetrics.tickSize, ink: .quiet,
                anchor: .middle)
        }
        let baseLine = field.maxY + Self.gap + ChartMetrics.line(ChartMetrics.tickSize) + ChartMetrics.labelSize
        pen.write(pen.fitted(axes.x.title, into: outer.width), at: SIMD2(field.centerX, baseLine), anchor: .middle)
    }

    private func drawVertical(with pen: inout ChartPen) {
        for tick in y.ticks {
            let place = vertical(tick.value)
            pen.add(
                .line([SIMD2(field.x, place), SIMD2(field.maxX, place)], ChartStroke(ink: .grid, width: tick.label.isEmpty ? 0.4 : 0.8)))
            pen.write(
                tick.label, at: SIMD2(field.x - Self.gap - 1, place + ChartMetrics.tickSize * 0.36), size: ChartMetrics.tickSize,
                ink: .quiet, anchor: .end)
        }
        pen.write(
            pen.fitted(axes.y.title, into: outer.height), at: SIMD2(outer.x + ChartMetrics.labelSize, field.centerY), anchor: .middle,
            degrees: -90)
    }
}
