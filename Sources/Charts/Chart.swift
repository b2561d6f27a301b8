import Findings
import Foundation
import Geometry

/// A figure that can be drawn: as a PNG file, as SVG inside a page, or as a part of a `ChartGrid`.
///
/// Values that are not finite are gaps; nothing that comes from outside stops a chart from being drawn.
public protocol Chart: Sendable {
    /// Above the figure; empty for none.
    var title: String { get }
    /// Draws title and all into the box, in points.
    func draw(with pen: inout ChartPen, in box: Box)
}

extension Chart {
    /// The chart with the notice below it.
    /// - Parameters:
    ///   - width: In points; one is a pixel at scale 1. At least 60.
    ///   - height: As the width.
    /// - Throws: `RadiographError` of code `cannotWrite` where Cairo, which measures the texts, gives no canvas.
    public func picture(width: Int = 640, height: Int = 420, theme: ChartTheme = .light) throws -> ChartPicture {
        let (width, height) = (max(60, width), max(60, height))
        var pen = try ChartPen()
        let margin = ChartMetrics.margin
        let noteHeight = ChartMetrics.line(ChartMetrics.noteSize)
        draw(
            with: &pen,
            in: Box(x: margin, y: margin, width: Double(width) - 2 * margin, height: Double(height) - 2 * margin - noteHeight))
        let note = pen.fitted(Notice.banner, into: Double(width) - margin, size: ChartMetrics.noteSize)
        pen.group("notice") {
            $0.write(
                note, at: SIMD2(Double(width) - margin, Double(height) - margin * 0.6), size: ChartMetrics.noteSize, ink: .quiet,
                anchor: .end)
        }
        return ChartPicture(width: width, height: height, title: title, shapes: pen.shapes, theme: theme)
    }

    /// A PNG in the light theme.
    /// - Parameter scale: Pixels a point.
    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func png(width: Int = 640, height: Int = 420, scale: Double = 1) throws -> Data {
        try picture(width: width, height: height).png(scale: scale)
    }

    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func svg(width: Int = 640, height: Int = 420, theme: ChartTheme = .page) throws -> String {
        try picture(width: width, height: height, theme: theme).svg
    }

    /// Writes the title over `box`.
    /// - Parameter left: Where it starts, in points.
    /// - Returns: The box below it.
    func drawTitle(with pen: inout ChartPen, in box: Box, left: Double? = nil) -> Box {
        guard !title.isEmpty else { return box }
        let left = left ?? box.x
        let size = ChartMetrics.titleSize
        let text = pen.fitted(title, into: box.maxX - left, size: size, isBold: true)
        pen.write(text, at: SIMD2(left, box.y + size * 0.85), size: size, isBold: true)
        let height = ChartMetrics.line(size) + 4
        return Box(x: box.x, y: box.y + height, width: box.width, height: max(1, box.height - height))
    }
}
