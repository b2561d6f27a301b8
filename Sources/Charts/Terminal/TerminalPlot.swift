import Basics

/// Curves as text, for a terminal: a plot with numbers at its left and below it.
public struct TerminalPlot: Sendable {
    /// What the curves are drawn with.
    public enum Marks: Hashable, Sendable {
        /// Eight dots a character.
        case braille
        /// One letter a curve, of ASCII: for terminals without Unicode, and where nothing else tells curves apart.
        case letters
    }

    /// One curve.
    public struct Curve: Hashable, Sendable {
        public var name: String
        /// In the order they are joined; a pair with a value that is not finite breaks the line.
        public var points: [SIMD2<Double>]
        /// Whether what is drawn is the curve without its noise.
        public var isSmoothed: Bool

        public init(_ name: String, points: [SIMD2<Double>], isSmoothed: Bool = false) {
            self.name = name
            self.points = points
            self.isSmoothed = isSmoothed
        }
    }

    public var title: String
    public var x: ChartAxis
    public var y: ChartAxis
    /// Later ones are drawn over earlier ones.
    public var curves: [Curve]
    public var marks: Marks
    /// Whether colours are written, as ANSI's sequences of 256 colours.
    public var hasColour: Bool

    /// - Parameter marks: Dots where absent, but letters where several curves have no colours.
    public init(
        _ title: String = "", x: ChartAxis = ChartAxis(), y: ChartAxis = ChartAxis(), curves: [Curve], marks: Marks? = nil,
        hasColour: Bool = false
    ) {
        self.title = title
        self.x = x
        self.y = y
        self.curves = curves
        self.marks = marks ?? (hasColour || curves.count < 2 ? .braille : .letters)
        self.hasColour = hasColour
    }

    /// The plot, line by line, without a line end after the last.
    /// - Parameters:
    ///   - width: Of all in characters; at least 24.
    ///   - height: Of all in lines; at least 8.
    public func text(width: Int = 80, height: Int = 24) -> String {
        let (width, height) = (max(24, min(1_000, width)), max(8, min(1_000, height)))
        let shown = curves.map { $0.isSmoothed ? CurveSmoothing.curve($0.points) : $0.points }
        let headings = (title.isEmpty ? [] : [Self.fitted(title, into: width)]) + legend(width: width)
        let rows = max(3, height - headings.count - 2 - (x.title.isEmpty ? 0 : 1))
        let (across, up) = extents(of: shown)
        let yScale = AxisScale(y, extent: up, count: max(2, rows / 3), isTight: false)
        // A number so wide that it leaves no room for the plot is cut; none is.
        let left = min(width / 2, yScale.ticks.map(\.label.count).max() ?? 0)
        let columns = width - left - 2
        let xScale = xScale(across, columns: columns)
        var canvas = DotCanvas(width: columns, height: rows)
        for (number, points) in shown.enumerated() { draw(points, number, xScale, yScale, on: &canvas) }
        var lines = headings
        for row in 0..<rows {
            let tick = yScale.ticks.first { !$0.label.isEmpty && Self.dot(1 - yScale.share($0.value), rows * 4) / 4 == row }
            let label = tick.map { String($0.label.prefix(left)) } ?? ""
            let axis = marks == .braille ? (tick == nil ? " │" : " ┤") : (tick == nil ? " |" : " +")
            let isEmpty = across.isEmpty && row == rows / 2
            lines.append(Self.padded(label, to: left) + axis + (isEmpty ? "  no data" : cells(of: row, canvas)))
        }
        lines += foot(xScale, left: left, columns: columns)
        return lines.map(Self.withoutTail).joined(separator: "\n")
    }

    private func extents(of curves: [[SIMD2<Double>]]) -> (ValueExtent, ValueExtent) {
        var (across, up) = (ValueExtent(x.scale), ValueExtent(y.scale))
        for point in curves.joined() where ValueExtent.isDrawable(point.x, x.scale) && ValueExtent.isDrawable(point.y, y.scale) {
            across.add(point.x)
            up.add(point.y)
        }
        return (across, up)
    }

    /// With as many numbers as stand apart.
    private func xScale(_ extent: ValueExtent, columns: Int) -> AxisScale {
        for count in stride(from: max(2, columns / 8), to: 1, by: -1) {
            let scale = AxisScale(x, extent: extent, count: count, isTight: true)
            let widest = scale.ticks.map(\.label.count).max() ?? 0
            if scale.ticks.count(where: { !$0.label.isEmpty }) * (widest + 2) <= columns { return scale }
        }
        return AxisScale(x, extent: extent, count: 1, isTight: true)
    }

    /// Where a share of a length of so many dots is.
    private static func dot(_ share: Double, _ count: Int) -> Int {
        // What is far outside is cut off there: its line leaves the plot all the same.
        Int((max(-3, min(4, share)) * Double(count - 1)).rounded())
    }

    private func draw(_ points: [SIMD2<Double>], _ number: Int, _ xScale: AxisScale, _ yScale: AxisScale, on canvas: inout DotCanvas) {
        // Letters stand in the middle of their cells, so that a line of them is joined from cell to cell.
        let (across, down) = marks == .braille ? (1, 1) : (2, 4)
        var last: (x: Int, y: Int)?
        for point in points {
            guard ValueExtent.isDrawable(point.x, x.scale), ValueExtent.isDrawable(point.y, y.scale) else {
                last = nil
                continue
            }
            let place = (
                x: Self.dot(xScale.share(point.x), canvas.dotWidth) / across * across,
                y: Self.dot(1 - yScale.share(point.y), canvas.dotHeight) / down * down
            )
            canvas.line(from: last ?? place, to: place, owner: number)
            last = place
        }
    }

    private func cells(of row: Int, _ canvas: DotCanvas) -> String {
        var line = ""
        var colour: Int?
        for column in 0..<canvas.width {
            let owner = canvas.owners[row * canvas.width + column]
            let wanted = hasColour && owner >= 0 ? Self.colours[owner % Self.colours.count] : nil
            if wanted != colour { line += wanted.map { "\u{1B}[38;5;\($0)m" } ?? "\u{1B}[0m" }
            colour = wanted
            switch marks {
            case .braille: line.append(canvas.character(row: row, column: column))
            case .letters: line.append(owner < 0 ? " " : Self.letters[owner % Self.letters.count])
            }
        }
        return line + (colour == nil ? "" : "\u{1B}[0m")
    }

    private static let letters = Array("*+ox#@%&")
    /// Those of `ChartPalette`, the nearest of the 256 that show on black and on white.
    private static let colours = [214, 75, 36, 142, 32, 166, 175, 244]

    /// Each curve's mark, name and last value, in as many lines as they need.
    private func legend(width: Int) -> [String] {
        var lines: [String] = []
        var length = 0
        for (number, curve) in curves.enumerated() where !curve.name.isEmpty {
            let last = curve.points.last { $0.x.isFinite && $0.y.isFinite }.map { " " + AxisNumbers.short($0.y) } ?? ""
            let name = Self.fitted(curve.name, into: width - 4 - last.count) + last
            let mark = marks == .braille ? "⠒⠒" : String(repeating: Self.letters[number % Self.letters.count], count: 2)
            let coloured = hasColour ? "\u{1B}[38;5;\(Self.colours[number % Self.colours.count])m\(mark)\u{1B}[0m" : mark
            let entry = coloured + " " + name
            if lines.isEmpty || length + 3 + 3 + name.count > width {
                lines.append(entry)
                length = 3 + name.count
            } else {
                lines[lines.count - 1] += "   " + entry
                length += 6 + name.count
            }
        }
        return lines
    }

    /// The axis, its numbers and its title.
    private func foot(_ scale: AxisScale, left: Int, columns: Int) -> [String] {
        let isASCII = marks == .letters
        var axis = Array(repeating: isASCII ? Character("-") : "─", count: columns)
        var numbers = Array(repeating: Character(" "), count: left + 2 + columns)
        var end = -1
        for tick in scale.ticks where !tick.label.isEmpty {
            let column = Self.dot(scale.share(tick.value), columns * 2) / 2
            guard axis.indices.contains(column) else { continue }
            let start = max(0, min(numbers.count - tick.label.count, left + 2 + column - tick.label.count / 2))
            guard start > end else { continue }
            axis[column] = isASCII ? "+" : "┬"
            for (offset, character) in tick.label.enumerated() where numbers.indices.contains(start + offset) {
                numbers[start + offset] = character
            }
            end = start + tick.label.count
        }
        let corner = isASCII ? " +" : " └"
        let title = Self.fitted(x.title, into: columns)
        let before = String(repeating: " ", count: left + 2 + (columns - title.count) / 2)
        return [String(repeating: " ", count: left) + corner + String(axis), String(numbers)] + (title.isEmpty ? [] : [before + title])
    }

    private static func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Without what would move the cursor, and not longer than its place.
    private static func fitted(_ text: String, into width: Int) -> String {
        let clean = MarkupText.printable(text)
        return clean.count <= width ? clean : clean.prefix(max(0, width - 1)) + "…"
    }

    private static func withoutTail(_ line: String) -> String {
        var line = Substring(line)
        while line.last == " " { line.removeLast() }
        return String(line)
    }
}
