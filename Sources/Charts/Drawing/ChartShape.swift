import Findings
import Geometry

/// One thing drawn, in points from the picture's top-left corner, y downwards.
indirect enum ChartShape: Hashable, Sendable {
    case line([SIMD2<Double>], ChartStroke)
    /// The area that the points go around.
    case area([SIMD2<Double>], ChartFill)
    case box(Box, ChartFill)
    case frame(Box, ChartStroke)
    /// Equal dots at many places.
    case dots([SIMD2<Double>], radius: Double, ChartFill)
    case text(ChartText)
    /// What shows only inside the box.
    case clipped(Box, [ChartShape])
    /// Several as one, with a word for what they are (`series`, `axis`), and the name of what they show.
    case group(String, name: String, [ChartShape])
}

/// How a line is drawn; lengths in points.
struct ChartStroke: Hashable, Sendable {
    var ink: ChartInk
    var width = 1.0
    var dash: [Double] = []
    var opacity = 1.0
}

/// How an area is filled.
struct ChartFill: Hashable, Sendable {
    var ink: ChartInk
    var opacity = 1.0
}

/// A line of text.
struct ChartText: Hashable, Sendable {
    enum Anchor: String, Sendable { case start, middle, end }
    var string: String
    /// Of the base line's start, middle or end.
    var position: SIMD2<Double>
    var size = 11.0
    var isBold = false
    var ink = ChartInk.text
    var anchor = Anchor.start
    /// Clockwise; -90 reads from the bottom to the top.
    var degrees = 0.0
}
