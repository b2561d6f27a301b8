/// One line, or one cloud of dots, of a `LineChart`.
public struct ChartSeries: Hashable, Sendable {
    public enum Mark: Hashable, Sendable { case line, dots, lineAndDots }

    /// Between what and what a value lies with the stated confidence.
    public struct Interval: Hashable, Sendable {
        public var x: Double
        public var lower: Double
        public var upper: Double
        public init(x: Double, lower: Double, upper: Double) {
            self.x = x
            self.lower = lower
            self.upper = upper
        }
    }

    /// For the legend; empty keeps the series out of it.
    public var name: String
    /// In the order they are joined. A pair with a value that is not finite breaks the line.
    public var points: [SIMD2<Double>]
    public var ink: ChartInk
    public var mark: Mark
    /// Of the line, in points.
    public var width: Double
    /// Lengths of dashes and gaps in points; empty for a whole line.
    public var dash: [Double]
    public var opacity: Double
    /// Shaded behind the line.
    public var band: [Interval]
    /// In the legend, those of a higher rank stand first.
    public var rank = 0

    public init(
        _ name: String, points: [SIMD2<Double>], ink: ChartInk, mark: Mark = .line, width: Double = 1.8, dash: [Double] = [],
        opacity: Double = 1, band: [Interval] = []
    ) {
        self.name = name
        self.points = points
        self.ink = ink
        self.mark = mark
        self.width = width
        self.dash = dash
        self.opacity = opacity
        self.band = band
    }

    /// In points: a dot on a line stands out of it.
    var dotRadius: Double { mark == .dots ? max(0.5, width * 1.2) : max(2.2, width * 1.2) }

    /// A line in the colour of its number; past the eighth it is dashed.
    /// - Parameter y: As many as `x`; what is left over of the longer is not drawn.
    public init(_ name: String, x: [Double], y: [Double], number: Int, mark: Mark = .line, band: [Interval] = []) {
        self.init(
            name, points: zip(x, y).map { SIMD2($0, $1) }, ink: .palette(number), mark: mark, dash: ChartPalette.dash(number), band: band)
    }
}
