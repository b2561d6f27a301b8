import Findings
import Geometry

/// How many values fall between which edges, as columns; several layers stand over each other.
public struct Histogram: Chart {
    public struct Layer: Hashable, Sendable {
        /// For the legend.
        public var name: String
        /// One for each pair of neighbouring edges.
        public var counts: [Double]
        public var ink: ChartInk

        public init(_ name: String, counts: [Double], ink: ChartInk = .palette(4)) {
            self.name = name
            self.counts = counts
            self.ink = ink
        }
    }

    public var title: String
    public var x: ChartAxis
    public var y: ChartAxis
    /// In rising order, one more than there are columns.
    public var edges: [Double]
    public var layers: [Layer]

    public init(
        _ title: String = "", x: ChartAxis, y: ChartAxis = ChartAxis("Count", isWhole: true), edges: [Double], layers: [Layer]
    ) {
        self.title = title
        self.x = x
        self.y = y
        self.edges = edges
        self.layers = layers
    }

    /// Counts values in bins of equal width; the last bin takes its upper edge too. Values that are not finite or outside are not counted.
    /// - Parameter range: From where to where; from the least to the greatest value where absent.
    public static func counts(of values: some Collection<Double>, bins: Int, range: ClosedRange<Double>? = nil) -> (
        edges: [Double], counts: [Double]
    ) {
        var extent = ValueExtent(.linear)
        if let range { extent.add([range.lowerBound, range.upperBound]) } else { extent.add(values) }
        let scale = AxisScale(ChartAxis(), extent: extent, count: 1, isTight: true)
        let bins = max(1, min(100_000, bins))
        var counts = Array(repeating: 0.0, count: bins)
        for value in values where value >= scale.lower && value <= scale.upper {
            counts[min(bins - 1, Int((value - scale.lower) / (scale.upper - scale.lower) * Double(bins)))] += 1
        }
        return ((0...bins).map { scale.lower + (scale.upper - scale.lower) * Double($0) / Double(bins) }, counts)
    }

    public func draw(with pen: inout ChartPen, in box: Box) {
        var rest = drawTitle(with: &pen, in: box)
        let named = layers.filter { !$0.name.isEmpty }
        if !named.isEmpty {
            let entries = named.map { ChartLegend.Entry(name: $0.name, ink: $0.ink, mark: nil, opacity: opacity) }
            rest = ChartLegend(entries: entries).draw(with: &pen, in: rest)
        }
        let frame = frame(pen: pen, in: rest)
        frame.draw(with: &pen)
        draw(in: frame, with: &pen)
        frame.drawOutline(with: &pen)
    }

    private var opacity: Double { layers.count > 1 ? 0.55 : 0.85 }

    func frame(pen: ChartPen, in box: Box, leastLeft: Double = 0) -> PlotFrame {
        var (across, up) = (ValueExtent(x.scale), ValueExtent(y.scale))
        across.add(edges)
        if y.scale == .linear { up.add(0) }
        for layer in layers { up.add(layer.counts) }
        return PlotFrame(pen: pen, box: box, x: x, y: y, extents: (across, up), leastLeft: leastLeft)
    }

    func draw(in frame: PlotFrame, with pen: inout ChartPen) {
        let field = frame.field
        let floor = y.scale == .linear ? frame.vertical(0) : field.maxY
        pen.clip(to: field) { pen in
            for layer in layers {
                pen.group("series", name: layer.name) { pen in
                    for (pair, count) in zip(zip(edges, edges.dropFirst()), layer.counts) where count > 0 {
                        guard let start = frame.point(SIMD2(pair.0, count)), let end = frame.point(SIMD2(pair.1, count)) else { continue }
                        let (left, right) = (min(start.x, end.x), max(start.x, end.x))
                        // A hair of ground between columns, where they are wide enough to spare it.
                        let gap = right - left > 6 ? 0.5 : 0
                        pen.add(
                            .box(
                                Box(x0: left + gap, y0: start.y, x1: right - gap, y1: floor),
                                ChartFill(ink: layer.ink, opacity: opacity)))
                    }
                }
            }
        }
    }
}
