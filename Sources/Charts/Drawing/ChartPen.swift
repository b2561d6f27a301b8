import Basics
import Findings
import Geometry
import Radiographs

/// Gathers the shapes of a chart, and knows how wide its texts are.
public struct ChartPen {
    private(set) var shapes: [ChartShape] = []
    private let canvas: DrawingCanvas

    /// - Throws: `RadiographError` where Cairo gives no canvas to measure texts on.
    init() throws {
        canvas = try DrawingCanvas(width: 1, height: 1)
        canvas.useExactText()
    }

    mutating func add(_ shape: ChartShape) { shapes.append(shape) }

    /// Adds what `body` draws as one group.
    mutating func group(_ kind: String, name: String = "", _ body: (inout ChartPen) throws -> Void) rethrows {
        let before = shapes
        shapes = []
        try body(&self)
        shapes = before + [.group(kind, name: MarkupText.printable(name), shapes)]
    }

    /// Adds what `body` draws, shown only inside the box.
    mutating func clip(to box: Box, _ body: (inout ChartPen) throws -> Void) rethrows {
        let before = shapes
        shapes = []
        try body(&self)
        shapes = before + [.clipped(box, shapes)]
    }

    mutating func write(
        _ string: String, at position: SIMD2<Double>, size: Double = ChartMetrics.labelSize, isBold: Bool = false, ink: ChartInk = .text,
        anchor: ChartText.Anchor = .start, degrees: Double = 0
    ) {
        guard !string.isEmpty else { return }
        add(
            .text(
                ChartText(
                    string: MarkupText.printable(string), position: position, size: size, isBold: isBold, ink: ink, anchor: anchor,
                    degrees: degrees)))
    }

    /// In points.
    func width(of string: String, size: Double = ChartMetrics.labelSize, isBold: Bool = false) -> Double {
        canvas.setFont(size: size, bold: isBold)
        return canvas.width(of: MarkupText.printable(string))
    }

    func width(ofWidest strings: some Sequence<String>, size: Double = ChartMetrics.labelSize) -> Double {
        strings.reduce(0) { max($0, width(of: $1, size: size)) }
    }

    /// The text, its end replaced by "…" where it is wider than `room` points.
    func fitted(_ string: String, into room: Double, size: Double = ChartMetrics.labelSize, isBold: Bool = false) -> String {
        guard string.utf8.count > 1_000 || width(of: string, size: size, isBold: isBold) > room else { return string }
        let start = Array(MarkupText.printable(string).prefix(400))
        // Halved again and again: the more letters, the wider.
        var (fitting, tooMany) = (0, start.count + 1)
        while tooMany - fitting > 1 {
            let count = (fitting + tooMany) / 2
            if width(of: String(start[..<count]) + "…", size: size, isBold: isBold) > room { tooMany = count } else { fitting = count }
        }
        return fitting == 0 ? "" : String(start[..<fitting]) + "…"
    }
}

/// Sizes that all charts share, in points.
enum ChartMetrics {
    static let titleSize = 13.0
    static let labelSize = 11.0
    static let tickSize = 10.0
    static let noteSize = 9.0
    /// From a base line to the next.
    static func line(_ size: Double) -> Double { (size * 1.4).rounded() }
    /// Around a whole picture.
    static let margin = 10.0
}
