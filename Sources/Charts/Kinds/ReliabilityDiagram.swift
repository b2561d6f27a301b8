import Findings
import Geometry

/// How often boxes of a given score are right: on the diagonal the score is a probability (DeGroot and Fienberg, The Statistician 1983;
/// Guo et al., "On Calibration of Modern Neural Networks", ICML 2017). Below it, how many boxes have the score.
public struct ReliabilityDiagram: Chart {
    /// Boxes of nearly the same score.
    public struct Bin: Hashable, Sendable {
        /// Mean score, 0 to 1.
        public var score: Double
        /// Share of them that is right, 0 to 1.
        public var rate: Double
        /// Between what and what the share lies with the stated confidence.
        public var interval: ClosedRange<Double>?
        public var count: Int

        public init(score: Double, rate: Double, interval: ClosedRange<Double>? = nil, count: Int) {
            self.score = score
            self.rate = rate
            self.interval = interval
            self.count = count
        }
    }

    /// One model, or one calibration of it.
    public struct Curve: Hashable, Sendable {
        public var name: String
        /// In rising order of score.
        public var bins: [Bin]
        public var ink: ChartInk

        public init(_ name: String, bins: [Bin], ink: ChartInk) {
            self.name = name
            self.bins = bins
            self.ink = ink
        }
    }

    public var title: String
    public var curves: [Curve]
    /// What the share is of.
    public var rateTitle: String
    public var countTitle: String

    public init(
        _ title: String = "", curves: [Curve], rateTitle: String = "Share that is right", countTitle: String = "Boxes"
    ) {
        self.title = title
        self.curves = curves
        self.rateTitle = rateTitle
        self.countTitle = countTitle
    }

    public func draw(with pen: inout ChartPen, in box: Box) {
        var rest = drawTitle(with: &pen, in: box)
        let diagonal = ChartSeries(
            "score is probability", points: [SIMD2(0, 0), SIMD2(1, 1)], ink: .quiet, width: 1.2, dash: [4, 3])
        let entries = ([diagonal] + curves.map(series)).filter { !$0.name.isEmpty }
        rest = ChartLegend(
            entries: entries.map { ChartLegend.Entry(name: $0.name, ink: $0.ink, mark: $0.mark, width: $0.width, dash: $0.dash) }
        ).draw(with: &pen, in: rest)
        let upperHeight = (rest.height * 0.7).rounded()
        let rates = LineChart(
            x: ChartAxis(range: 0...1), y: ChartAxis(rateTitle, range: 0...1), series: [diagonal] + curves.map(series), hasLegend: false)
        let counts = countChart
        let top = Box(x: rest.x, y: rest.y, width: rest.width, height: upperHeight)
        let bottom = Box(x: rest.x, y: rest.y + upperHeight + 6, width: rest.width, height: max(8, rest.height - upperHeight - 6))
        // The two stand under each other, so both begin where the one with the longer numbers does.
        let left = max(rates.frame(pen: pen, in: top).field.x, counts.frame(pen: pen, in: bottom).field.x) - rest.x
        let upper = rates.frame(pen: pen, in: top, leastLeft: left)
        let lower = counts.frame(pen: pen, in: bottom, leastLeft: left)
        upper.draw(with: &pen)
        for curve in curves { drawIntervals(of: curve, in: upper, with: &pen) }
        rates.draw(in: upper, with: &pen)
        upper.drawOutline(with: &pen)
        lower.draw(with: &pen)
        counts.draw(in: lower, with: &pen)
        lower.drawOutline(with: &pen)
    }

    private func series(_ curve: Curve) -> ChartSeries {
        ChartSeries(curve.name, points: curve.bins.map { SIMD2($0.score, $0.rate) }, ink: curve.ink, mark: .lineAndDots)
    }

    private var countChart: LineChart {
        // Bars of bins with unlike edges would lie about their width, so each bin is a line at its mean score.
        LineChart(
            x: ChartAxis("Score", range: 0...1), y: ChartAxis(countTitle, isWhole: true),
            series: curves.enumerated().map { index, curve in
                let shift = curves.count > 1 ? (Double(index) - Double(curves.count - 1) / 2) * 0.008 : 0
                let points = curve.bins.flatMap { bin in
                    [SIMD2(bin.score + shift, 0), SIMD2(bin.score + shift, Double(bin.count)), SIMD2(.nan, .nan)]
                }
                return ChartSeries(curve.name, points: points, ink: curve.ink, width: 4)
            }, hasLegend: false)
    }

    private func drawIntervals(of curve: Curve, in frame: PlotFrame, with pen: inout ChartPen) {
        pen.clip(to: frame.field) { pen in
            for bin in curve.bins {
                guard let interval = bin.interval, let low = frame.point(SIMD2(bin.score, interval.lowerBound)),
                    let high = frame.point(SIMD2(bin.score, interval.upperBound))
                else { continue }
                pen.add(.line([low, high], ChartStroke(ink: curve.ink, width: 1.2, opacity: 0.7)))
                for end in [low, high] {
                    pen.add(.line([end - SIMD2(3, 0), end + SIMD2(3, 0)], ChartStroke(ink: curve.ink, width: 1.2, opacity: 0.7)))
                }
            }
        }
    }
}
