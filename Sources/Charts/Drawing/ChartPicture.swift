import Findings
import Foundation
import Radiographs

/// A chart as it is drawn: shapes on a ground, the same for a PNG and for an SVG.
public struct ChartPicture: Hashable, Sendable {
    /// In points; one is a pixel at scale 1.
    public let width: Int
    public let height: Int
    /// What a reader who does not see it is told.
    public let title: String
    let shapes: [ChartShape]
    public let theme: ChartTheme

    init(width: Int, height: Int, title: String, shapes: [ChartShape], theme: ChartTheme) {
        self.width = width
        self.height = height
        self.title = title
        self.shapes = shapes
        self.theme = theme
    }

    /// An RGB PNG of `width * scale` by `height * scale` pixels, in the colours of the light theme.
    /// - Throws: `RadiographError` of code `cannotWrite`, as for a picture of more than 32,767 pixels a side.
    public func png(scale: Double = 1) throws -> Data { try ChartRaster(self, scale: scale).canvas.png() }

    /// An `svg` element: text that can be read and searched, no ids, no style, no script, so that any number can stand in one page.
    public var svg: String { ChartSVG(self).text }
}
