/// Lines and pictures laid out on pages, each inside the margins.
struct DocumentLayout {
    struct Line {
        var text: String
        var size: Double
        var isBold: Bool
        var x: Double
        var baseline: Double
        var grey: Double
    }

    struct Picture {
        var picture: CapturedPicture
        var x: Double
        var y: Double
        var width: Double
    }

    struct Page {
        var lines: [Line] = []
        var picture: Picture?
    }

    static let margin = 56.0
    /// Above it the head of a page, below `bottom` its foot.
    static let top = 72.0
    static let bottom = DocumentCanvas.size.height - 64

    private(set) var pages = [Page()]
    private var y = Self.top
    private let canvas: DocumentCanvas

    /// - Parameter canvas: Measures texts.
    init(_ canvas: DocumentCanvas) { self.canvas = canvas }

    private var room: Double { DocumentCanvas.size.width - 2 * Self.margin }

    /// A paragraph, broken into lines where words end, or within a word that is too long for a line.
    mutating func add(_ text: String, size: Double = 10, isBold: Bool = false, indent: Double = 0, gap: Double = 0, grey: Double = 0) {
        y += gap
        canvas.setFont(size: size, isBold: isBold)
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            for line in broken(String(paragraph), into: room - indent) {
                step(size * 1.4)
                if line.isEmpty { continue }
                pages[pages.count - 1].lines.append(
                    Line(text: line, size: size, isBold: isBold, x: Self.margin + indent, baseline: y - size * 0.35, grey: grey))
            }
        }
    }

    /// A label and what belongs to it, in two columns.
    mutating func add(_ label: String, _ value: String) {
        canvas.setFont(size: 10, isBold: false)
        for (index, line) in broken(value, into: room - 120).enumerated() {
            step(14)
            if index == 0 {
                pages[pages.count - 1].lines.append(
                    Line(text: label, size: 10, isBold: false, x: Self.margin, baseline: y - 3.5, grey: 0.35))
            }
            pages[pages.count - 1].lines.append(
                Line(text: line, size: 10, isBold: false, x: Self.margin + 120, baseline: y - 3.5, grey: 0))
        }
    }

    /// As wide as the text where it fits, on a page of its own where the rest of this one is too low.
    mutating func add(_ picture: CapturedPicture, gap: Double) {
        let shape = Double(picture.rows) / Double(picture.columns)
        let highest = Self.bottom - Self.top
        let left = Self.bottom - y - gap
        var width = min(room, highest / shape)
        if left > 0.45 * highest { width = min(width, left / shape) } else { newPage() }
        if y > Self.top { y += gap }
        pages[pages.count - 1].picture = Picture(picture: picture, x: Self.margin + (room - width) / 2, y: y, width: width)
        y += width * shape
    }

    private mutating func step(_ height: Double) {
        if y + height > Self.bottom { newPage() }
        y += height
    }

    private mutating func newPage() {
        pages.append(Page())
        y = Self.top
    }

    private func broken(_ text: String, into width: Double) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
            let longer = line.isEmpty ? word : line + " " + word
            if canvas.width(of: longer) <= width {
                line = longer
                continue
            }
            if !line.isEmpty { lines.append(line) }
            line = word
            while canvas.width(of: line) > width, line.count > 1 {
                var head = line
                while head.count > 1, canvas.width(of: head) > width { head.removeLast() }
                lines.append(head)
                line = String(line.dropFirst(head.count))
            }
        }
        return lines + [line]
    }
}
