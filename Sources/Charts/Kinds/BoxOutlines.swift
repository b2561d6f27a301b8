import Findings
import Geometry

/// Outlines of boxes, all moved to one centre: what sizes and shapes there are.
public struct BoxOutlines: Chart {
    public var title: String
    /// As shares of their images, each with its ink.
    public var boxes: [(box: Box, ink: ChartInk)]

    public init(_ title: String, boxes: [(box: Box, ink: ChartInk)]) {
        self.title = title
        self.boxes = boxes
    }

    public func draw(with pen: inout ChartPen, in box: Box) {
        let rest = drawTitle(with: &pen, in: box)
        let side = max(8, min(rest.width, rest.height) - 8)
        let field = Box(x: rest.x + (rest.width - side) / 2, y: rest.y + 4, width: side, height: side)
        pen.clip(to: field) { pen in
            for (box, ink) in boxes where !box.isEmpty && box.width <= 4 && box.height <= 4 {
                let (width, height) = (box.width * side, box.height * side)
                let outline = Box(x: field.centerX - width / 2, y: field.centerY - height / 2, width: width, height: height)
                pen.add(.frame(outline, ChartStroke(ink: ink, width: 0.8, opacity: 0.5)))
            }
        }
        pen.add(.frame(field, ChartStroke(ink: .quiet, width: 0.8)))
    }
}
