import Findings
import Geometry

/// Lines, or dots, between two axes.
public struct LineChart: Chart {
    public var title: String
    public var x: ChartAxis
    public var y: ChartAxis
    /// Later ones stand over earlier ones.
    public var series: [ChartSeries]
    /// Names of the series at the right; left out where there are none.
    public var hasLegend: Bool
    /// Whether both axes have one length.
    public var isSquare: Bool

    public init(
        _ title: String = "", x: ChartAxis, y: ChartAxis, series: [ChartSeries], hasLegend: Bool = true, isSquare: Bool = false
    ) {
        self.title = title
        self.x = x
        self.y = y
        self.series = series
        self.hasLegend = hasLegend
        self.isSquare = isSquare
    }

    public func draw(with pen: inout ChartPen, in box: Box) {
        var rest = drawTitle(with: &pen, in: box)
        if hasLegend { rest = legend.draw(with: &pen, in: rest) }
        let frame = frame(pen: pen, in: rest)
        frame.draw(with: &pen)
        draw(in: frame, with: &pen)
        frame.drawOutline(with: &pen)
    }

    private var legend: ChartLegend {
        ChartLegend(
            entries: series.filter { !$0.name.isEmpty }.sorted { $0.rank > $1.rank }.map {
                ChartLegend.Entry(
                    name: $0.name, ink: $0.ink, mark: $0.mark, width: $0.width, dash: $0.dash, opacity: max(0.6, $0.opacity))
            })
    }

    func frame(pen: ChartPen, in box: Box, leastLeft: Double = 0) -> PlotFrame {
        var (across, up) = (ValueExtent(x.scale), ValueExtent(y.scale))
        for line in series {
            // A pair with a gap on one side is drawn nowhere, so it asks for no room either.
            for pair in line.points where ValueExtent.isDrawable(pair.x, x.scale) && ValueExtent.isDrawable(pair.y, y.scale) {
                across.add(pair.x)
                up.add(pair.y)
            }
            for interval in line.band where ValueExtent.isDrawable(interval.x, x.scale) {
                across.add(interval.x)
                up.add([interval.lower, interval.upper])
            }
        }
        let hasDots = series.contains { $0.mark == .dots }
        return PlotFrame(
            pen: pen, box: box, x: x, y: y, extents: (across, up), isXTight: !hasDots, isSquare: isSquare, leastLeft: leastLeft)
    }

    /// Draws the series on a frame that stands.
    func draw(in frame: PlotFrame, with pen: inout ChartPen) {
        var isEmpty = true
        // Lines that run along the edge keep their whole width.
        let room = Box(x: frame.field.x - 3, y: frame.field.y - 3, width: frame.field.width + 6, height: frame.field.height + 6)
        pen.clip(to: room) { pen in
            for line in series where !line.band.isEmpty { drawBand(of: line, in: frame, with: &pen) }
            for line in series {
                let runs = frame.runs(of: line.points)
                guard !runs.isEmpty else { continue }
                isEmpty = false
                pen.group("series", name: line.name) { draw(line, runs, with: &$0) }
            }
        }
        if isEmpty {
            pen.write("no data", at: SIMD2(frame.field.centerX, frame.field.centerY), ink: .quiet, anchor: .middle)
        }
    }

    private func draw(_ line: ChartSeries, _ runs: [[SIMD2<Double>]], with pen: inout ChartPen) {
        let stroke = ChartStroke(ink: line.ink, width: line.width, dash: line.dash, opacity: line.opacity)
        let radius = line.dotRadius
        if line.mark != .dots {
            for run in runs where run.count > 1 { pen.add(.line(run, stroke)) }
        }
        switch line.mark {
        case .dots, .lineAndDots:
            pen.add(.dots(runs.flatMap { $0 }, radius: radius, ChartFill(ink: line.ink, opacity: line.opacity)))
        case .line:
            // A value between two gaps has no line, and would not be seen.
            let alone = runs.filter { $0.count == 1 }.flatMap { $0 }
            if !alone.isEmpty { pen.add(.dots(alone, radius: radius, ChartFill(ink: line.ink, opacity: line.opacity))) }
        }
    }

    private func drawBand(of line: ChartSeries, in frame: PlotFrame, with pen: inout ChartPen) {
        pen.group("band", name: line.name) { pen in
            var upper: [SIMD2<Double>] = []
            var lower: [SIMD2<Double>] = []
            func flush(_ pen: inout ChartPen) {
                if upper.count > 1 { pen.add(.area(upper + lower.reversed(), ChartFill(ink: line.ink, opacity: 0.18))) }
                (upper, lower) = ([], [])
            }
            for interval in line.band {
                if let top = frame.point(SIMD2(interval.x, interval.upper)), let bottom = frame.point(SIMD2(interval.x, interval.lower)) {
                    upper.append(top)
                    lower.append(bottom)
                } else {
                    flush(&pen)
                }
            }
            flush(&pen)
        }
    }
}
