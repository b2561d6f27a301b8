import Findings
import Geometry

/// Horizontal bars with their names at the left and their values at the right.
public struct BarChart: Chart {
    public struct Bar: Hashable, Sendable {
        public var name: String
        public var value: Double
        /// Between what and what the value lies with the stated confidence.
        public var interval: ClosedRange<Double>?
        public var ink: ChartInk
        /// At the right; the value itself where absent.
        public var note: String?

        public init(_ name: String, value: Double, interval: ClosedRange<Double>? = nil, ink: ChartInk = .palette(4), note: String? = nil) {
            self.name = name
            self.value = value
            self.interval = interval
            self.ink = ink
            self.note = note
        }
    }

    public var title: String
    public var axis: ChartAxis
    /// From the top down.
    public var bars: [Bar]

    /// - Parameter axis: Always shows zero, where it is linear.
    public init(_ title: String = "", axis: ChartAxis, bars: [Bar]) {
        self.title = title
        self.axis = axis
        self.bars = bars
    }

    /// A height in points at which every bar can be read.
    public var naturalHeight: Int { 80 + min(10_000, bars.count) * 20 }

    public func draw(with pen: inout ChartPen, in box: Box) {
        let rest = drawTitle(with: &pen, in: box)
        let size = ChartMetrics.labelSize
        let names = bars.map { pen.fitted($0.name, into: rest.width * 0.35) }
        let notes = bars.map { pen.fitted($0.note ?? AxisNumbers.short($0.value), into: rest.width * 0.3) }
        let left = min(rest.width * 0.35, pen.width(ofWidest: names)) + 6
        let right = pen.width(ofWidest: notes) + 10
        let below = ChartMetrics.line(ChartMetrics.tickSize) + 4 + (axis.title.isEmpty ? 0 : ChartMetrics.line(size))
        let field = Box(
            x: rest.x + left, y: rest.y, width: max(8, rest.width - left - right), height: max(8, rest.height - below))
        let scale = scale(pen: pen, width: field.width)
        drawAxis(scale, field, with: &pen)
        let height = field.height / Double(max(1, bars.count))
        // Names that would stand on each other are left out, every second or more.
        let skip = max(1, Int((size * 1.1 / height).rounded(.up)))
        for (row, bar) in bars.enumerated() {
            let middle = field.y + (Double(row) + 0.5) * height
            if row % skip == 0 {
                pen.write(names[row], at: SIMD2(field.x - 6, middle + size * 0.36), anchor: .end)
                pen.write(notes[row], at: SIMD2(field.maxX + 8, middle + size * 0.36), ink: .quiet)
            }
            pen.group("bar", name: bar.name) { draw(bar, scale, field, middle, height, with: &$0) }
        }
        pen.add(.line([SIMD2(place(0, scale, field), field.y), SIMD2(place(0, scale, field), field.maxY)], ChartStroke(ink: .quiet)))
        if bars.isEmpty { pen.write("no data", at: SIMD2(field.centerX, field.centerY), ink: .quiet, anchor: .middle) }
    }

    private func scale(pen: ChartPen, width: Double) -> AxisScale {
        var extent = ValueExtent(axis.scale)
        if axis.scale == .linear { extent.add(0) }
        for bar in bars {
            extent.add(bar.value)
            if let interval = bar.interval { extent.add([interval.lowerBound, interval.upperBound]) }
        }
        var count = max(1, Int(width / 42))
        while true {
            let scale = AxisScale(axis, extent: extent, count: count, isTight: false)
            let widest = pen.width(ofWidest: scale.ticks.map(\.label), size: ChartMetrics.tickSize)
            if count == 1 || Double(scale.ticks.count) * (widest + 8) <= width { return scale }
            count -= 1
        }
    }

    private func place(_ value: Double, _ scale: AxisScale, _ field: Box) -> Double {
        let isDrawable = ValueExtent.isDrawable(value, scale.scale)
        return field.x + (isDrawable ? max(0, min(1, scale.share(value))) : 0) * field.width
    }

    private func drawAxis(_ scale: AxisScale, _ field: Box, with pen: inout ChartPen) {
        pen.group("axis", name: "x") { pen in
            for tick in scale.ticks {
                let x = place(tick.value, scale, field)
                pen.add(.line([SIMD2(x, field.y), SIMD2(x, field.maxY)], ChartStroke(ink: .grid, width: 0.8)))
                pen.write(
                    tick.label, at: SIMD2(x, field.maxY + 4 + ChartMetrics.tickSize), size: ChartMetrics.tickSize, ink: .quiet,
                    anchor: .middle)
            }
            let baseLine = field.maxY + 4 + ChartMetrics.line(ChartMetrics.tickSize) + ChartMetrics.labelSize
            pen.write(axis.title, at: SIMD2(field.centerX, baseLine), anchor: .middle)
        }
    }

    private func draw(
        _ bar: Bar, _ scale: AxisScale, _ field: Box, _ middle: Double, _ height: Double, with pen: inout ChartPen
    ) {
        guard ValueExtent.isDrawable(bar.value, axis.scale) else { return }
        let (zero, end) = (place(0, scale, field), place(bar.value, scale, field))
        let thickness = min(16, height * 0.7)
        pen.add(
            .box(
                Box(x: min(zero, end), y: middle - thickness / 2, width: abs(end - zero), height: thickness),
                ChartFill(ink: bar.ink, opacity: bar.interval == nil ? 1 : 0.75)))
        guard let interval = bar.interval, ValueExtent.isDrawable(interval.lowerBound, axis.scale),
            ValueExtent.isDrawable(interval.upperBound, axis.scale)
        else { return }
        let (low, high) = (place(interval.lowerBound, scale, field), place(interval.upperBound, scale, field))
        let reach = min(4, thickness / 3)
        for line in [
            [SIMD2(low, middle), SIMD2(high, middle)], [SIMD2(low, middle - reach), SIMD2(low, middle + reach)],
            [SIMD2(high, middle - reach), SIMD2(high, middle + reach)],
        ] { pen.add(.line(line, ChartStroke(ink: .text, width: 1.3))) }
    }
}
