import Basics
import Findings
import Geometry

/// Writes a `ChartPicture` as SVG (W3C, Scalable Vector Graphics 1.1).
///
/// Not through Cairo's own SVG: that turns every letter into an outline, under ids that are the same in each file and so clash where
/// two stand in one page.
struct ChartSVG {
    private(set) var text = ""
    private let theme: ChartTheme

    init(_ picture: ChartPicture) {
        theme = picture.theme
        text = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(picture.width)\" height=\"\(picture.height)\" "
        text += "viewBox=\"0 0 \(picture.width) \(picture.height)\" role=\"img\" aria-label=\"\(MarkupText.escaped(picture.title))\" "
        text += "font-family=\"'DejaVu Sans',Verdana,sans-serif\">"
        text += "<rect width=\"\(picture.width)\" height=\"\(picture.height)\" fill=\"\(ChartInk.ground.svg(theme))\"/>"
        write(picture.shapes)
        text += "</svg>"
    }

    private mutating func write(_ shapes: [ChartShape]) {
        for shape in shapes { write(shape) }
    }

    private mutating func write(_ shape: ChartShape) {
        switch shape {
        case .line(let points, let stroke):
            text += "<path d=\"\(Self.path(points))\" fill=\"none\"\(attributes(stroke)) stroke-linejoin=\"round\"/>"
        case .area(let points, let fill):
            text += "<path d=\"\(Self.path(points))Z\"\(attributes(fill))/>"
        case .box(let box, let fill):
            text += "<rect \(Self.edges(box))\(attributes(fill))/>"
        case .frame(let box, let stroke):
            text += "<rect \(Self.edges(box)) fill=\"none\"\(attributes(stroke))/>"
        case .dots(let points, let radius, let fill):
            let radius = ChartMarkup.number(radius)
            text += "<g\(attributes(fill))>"
            for point in points {
                text += "<circle cx=\"\(ChartMarkup.number(point.x))\" cy=\"\(ChartMarkup.number(point.y))\" r=\"\(radius)\"/>"
            }
            text += "</g>"
        case .text(let line):
            write(line)
        case .clipped(let box, let shapes):
            // An inner `svg` shows nothing outside itself, and needs no id as a clipping path does.
            let place = [box.x, box.y, box.width, box.height].map(ChartMarkup.number).joined(separator: " ")
            text += "<svg \(Self.edges(box)) viewBox=\"\(place)\" overflow=\"hidden\">"
            write(shapes)
            text += "</svg>"
        case .group(let kind, let name, let shapes):
            text += "<g class=\"\(MarkupText.escaped(kind))\""
            if !name.isEmpty { text += " data-name=\"\(MarkupText.escaped(name))\"" }
            text += ">"
            write(shapes)
            text += "</g>"
        }
    }

    private mutating func write(_ line: ChartText) {
        let (x, y) = (ChartMarkup.number(line.position.x), ChartMarkup.number(line.position.y))
        text += "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(ChartMarkup.number(line.size))\" fill=\"\(line.ink.svg(theme))\""
        if line.isBold { text += " font-weight=\"bold\"" }
        if line.anchor != .start { text += " text-anchor=\"\(line.anchor.rawValue)\"" }
        if line.degrees != 0 { text += " transform=\"rotate(\(ChartMarkup.number(line.degrees)) \(x) \(y))\"" }
        text += ">\(MarkupText.escaped(line.string))</text>"
    }

    private func attributes(_ stroke: ChartStroke) -> String {
        var result = " stroke=\"\(stroke.ink.svg(theme))\" stroke-width=\"\(ChartMarkup.number(stroke.width))\""
        if !stroke.dash.isEmpty { result += " stroke-dasharray=\"\(stroke.dash.map(ChartMarkup.number).joined(separator: " "))\"" }
        if stroke.opacity != 1 { result += " stroke-opacity=\"\(ChartMarkup.number(stroke.opacity))\"" }
        return result
    }

    private func attributes(_ fill: ChartFill) -> String {
        var result = " fill=\"\(fill.ink.svg(theme))\""
        if fill.opacity != 1 { result += " fill-opacity=\"\(ChartMarkup.number(fill.opacity))\"" }
        return result
    }

    private static func edges(_ box: Box) -> String {
        "x=\"\(ChartMarkup.number(box.x))\" y=\"\(ChartMarkup.number(box.y))\" width=\"\(ChartMarkup.number(box.width))\" "
            + "height=\"\(ChartMarkup.number(box.height))\""
    }

    private static func path(_ points: [SIMD2<Double>]) -> String {
        var path = ""
        for (index, point) in points.enumerated() {
            path += "\(index == 0 ? "M" : "L")\(ChartMarkup.number(point.x)) \(ChartMarkup.number(point.y))"
        }
        return path
    }
}
