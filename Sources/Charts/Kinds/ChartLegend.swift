import Findings
import Geometry

/// Names beside a chart, each with a sample of its line.
struct ChartLegend {
    struct Entry: Hashable, Sendable {
        var name: String
        var ink: ChartInk
        var mark: ChartSeries.Mark?
        var width = 1.8
        var dash: [Double] = []
        var opacity = 1.0
    }

    var entries: [Entry]
    private static let sample = 20.0
    private static let gap = 6.0

    /// Draws at the right of the box, in at most two fifths of its width.
    /// - Parameter top: Of the first row, in points below the box's top.
    /// - Returns: What is left of the box.
    func draw(with pen: inout ChartPen, in box: Box, top: Double = 0) -> Box {
        guard !entries.isEmpty else { return box }
        let line = ChartMetrics.line(ChartMetrics.labelSize)
        let rows = max(1, Int((box.height - top) / line))
        let shown = entries.count <= rows ? entries : Array(entries.prefix(rows - 1))
        let more = entries.count - shown.count
        let rest = more > 0 ? "and \(more) more" : ""
        let room = max(10, box.width * 0.4 - Self.sample - 3 * Self.gap)
        let names = shown.map { pen.fitted($0.name, into: room) }
        let width = min(room, max(pen.width(ofWidest: names), pen.width(of: rest))) + Self.sample + 3 * Self.gap
        let left = box.maxX - width + 2 * Self.gap
        pen.group("legend") { pen in
            for (row, (entry, name)) in zip(shown, names).enumerated() {
                let middle = box.y + top + (Double(row) + 0.5) * line
                Self.draw(entry, from: SIMD2(left, middle), with: &pen)
                pen.write(name, at: SIMD2(left + Self.sample + Self.gap, middle + ChartMetrics.labelSize * 0.36))
            }
            let last = box.y + top + (Double(shown.count) + 0.5) * line
            pen.write(rest, at: SIMD2(left + Self.sample + Self.gap, last + ChartMetrics.labelSize * 0.36), ink: .quiet)
        }
        return Box(x: box.x, y: box.y, width: max(1, box.width - width), height: box.height)
    }

    private static func draw(_ entry: Entry, from start: SIMD2<Double>, with pen: inout ChartPen) {
        guard let mark = entry.mark else {
            return pen.add(
                .box(Box(x: start.x + 4, y: start.y - 5, width: sample - 8, height: 10), ChartFill(ink: entry.ink, opacity: entry.opacity)))
        }
        if mark != .dots {
            pen.add(
                .line(
                    [start, start + SIMD2(sample, 0)],
                    ChartStroke(ink: entry.ink, width: entry.width, dash: entry.dash, opacity: entry.opacity)))
        }
        if mark != .line {
            pen.add(.dots([start + SIMD2(sample / 2, 0)], radius: max(2.2, entry.width * 1.2), ChartFill(ink: entry.ink)))
        }
    }
}
