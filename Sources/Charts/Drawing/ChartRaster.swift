import Findings
import Foundation
import Geometry
import Radiographs

/// Draws a `ChartPicture` with Cairo.
struct ChartRaster {
    let canvas: DrawingCanvas

    init(_ picture: ChartPicture, scale: Double) throws {
        let scale = scale.isFinite ? max(0.1, min(16, scale)) : 1
        func pixels(_ points: Int) -> Int { Int((Double(min(points, 1 << 20)) * scale).rounded()) }
        canvas = try DrawingCanvas(width: pixels(picture.width), height: pixels(picture.height))
        canvas.set(ChartInk.ground.light)
        canvas.fill(Box(x: 0, y: 0, width: Double(canvas.width), height: Double(canvas.height)))
        canvas.scale(by: scale)
        canvas.useExactText()
        draw(picture.shapes)
        try canvas.check()
    }

    private func draw(_ shapes: [ChartShape]) {
        for shape in shapes { draw(shape) }
    }

    private func draw(_ shape: ChartShape) {
        switch shape {
        case .line(let points, let stroke):
            canvas.set(stroke.ink.light, opacity: stroke.opacity)
            canvas.strokeLine(points, lineWidth: stroke.width, dash: stroke.dash)
        case .area(let points, let fill):
            canvas.set(fill.ink.light, opacity: fill.opacity)
            canvas.fillArea(points)
        case .box(let box, let fill):
            canvas.set(fill.ink.light, opacity: fill.opacity)
            canvas.fill(box)
        case .frame(let box, let stroke):
            canvas.set(stroke.ink.light, opacity: stroke.opacity)
            canvas.stroke(box, lineWidth: stroke.width, dash: stroke.dash)
        case .dots(let points, let radius, let fill):
            canvas.set(fill.ink.light, opacity: fill.opacity)
            for point in points { canvas.fillCircle(centre: point, radius: radius) }
        case .text(let text):
            canvas.set(text.ink.light)
            canvas.setFont(size: text.size, bold: text.isBold)
            let before =
                switch text.anchor {
                case .start: 0.0
                case .middle: canvas.width(of: text.string) / 2
                case .end: canvas.width(of: text.string)
                }
            let angle = text.degrees * .pi / 180
            canvas.write(text.string, at: text.position - before * SIMD2(cos(angle), sin(angle)), degrees: text.degrees)
        case .clipped(let box, let shapes):
            canvas.clipped(to: box) { draw(shapes) }
        case .group(_, _, let shapes):
            draw(shapes)
        }
    }
}
