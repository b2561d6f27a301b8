import Basics
import Charts
import Findings
import Foundation
import Testing

@Suite struct TerminalPlotTests {
    private let unit = ChartAxis(range: 0...1)

    @Test func aPlotOfDotsIsThis() {
        let curve = TerminalPlot.Curve("loss", points: [SIMD2(0, 0), SIMD2(0.5, 1), SIMD2(.nan, 0), SIMD2(0.75, 0.5), SIMD2(1, 0.25)])
        let plot = TerminalPlot("run 1", x: ChartAxis("Epoch", range: 0...1), y: unit, curves: [curve])
        let expected = """
            run 1
            ⠒⠒ loss 0.25
            1.0 ┤          ⢀⠤⠊
                │        ⡠⠒⠁
            0.5 ┤     ⣀⠔⠉          ⠠⢄⣀
                │  ⢀⠤⠊                ⠉⠑⠒⠤
            0.0 ┤⡠⠒⠁
                └┬───────────┬───────────┬
                0.0         0.5        1.0
                           Epoch
            """
        #expect(plot.text(width: 30, height: 10) == expected)
    }

    /// Without colours several curves have letters, all of ASCII.
    @Test func aPlotOfLettersIsThis() {
        let curves = [
            TerminalPlot.Curve("train", points: [SIMD2(1, 3), SIMD2(11, 1)]),
            TerminalPlot.Curve("val", points: [SIMD2(6, 2), SIMD2(11, 2)]),
        ]
        let plot = TerminalPlot(x: ChartAxis(isWhole: true), y: ChartAxis(range: 1...3, isWhole: true), curves: curves)
        let expected = """
            ** train 1   ++ val 2
            3 +***
              |   ****
              |      ****
            2 +          +++++++++++
              |             ****
              |                ****
            1 +                    *
              +--------+---------+--
                       5        10
            """
        let text = plot.text(width: 24, height: 10)
        #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
        #expect(text == expected)
    }

    /// The characters of the plot, without the axes, back to dots: [row][column].
    private func dots(_ text: String, left: Int, rows: Int) -> [[Bool]] {
        var dots = Array(repeating: [Bool](), count: rows * 4)
        for (row, line) in text.split(separator: "\n", omittingEmptySubsequences: false).prefix(rows).enumerated() {
            for character in line.dropFirst(left) {
                let bits = character == " " ? 0 : (character.unicodeScalars.first?.value ?? 0x2800) - 0x2800
                for (index, order) in [(0, 3), (1, 4), (2, 5), (6, 7)].enumerated() {
                    dots[row * 4 + index] += [bits >> order.0 & 1 == 1, bits >> order.1 & 1 == 1]
                }
            }
        }
        return dots
    }

    /// Every dot of a random curve is where its value is, to half a dot: in each column there is one, and none away from the line.
    @Test(arguments: 0..<20)
    func dotsAreWhereValuesAre(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let (width, height) = (Int.random(in: 24...90, using: &random), Int.random(in: 8...30, using: &random))
        // As many values as there are columns of dots, so that neither joins nor means come between.
        let (columns, rows) = ((width - 5) * 2, height - 2)
        var value = 0.5
        let values = (0..<columns).map { _ in
            value = max(0, min(1, value + Double.random(in: -0.9...0.9, using: &random) / Double(rows * 4 - 1)))
            return value
        }
        let points = values.enumerated().map { SIMD2(Double($0.offset) / Double(columns - 1), $0.element) }
        let text = TerminalPlot(x: unit, y: unit, curves: [.init("", points: points)]).text(width: width, height: height)
        let drawn = dots(text, left: 5, rows: rows)
        for (column, value) in values.enumerated() {
            let row = (1 - value) * Double(rows * 4 - 1)
            let set = drawn.indices.filter { drawn[$0].indices.contains(column) && drawn[$0][column] }
            #expect(set.count == 1 && abs(Double(set[0]) - row) <= 0.5, "column \(column): \(set) for \(row)")
        }
    }

    /// Colours are those of the curves, and every one is switched off at its line's end; without them nothing but the text is written.
    @Test func coloursAreOnlyWrittenWhereWanted() {
        let curves = (0..<3).map { TerminalPlot.Curve("c\($0)", points: [SIMD2(0, Double($0) / 2), SIMD2(1, Double($0) / 2)]) }
        let plain = TerminalPlot(x: unit, y: unit, curves: curves, marks: .braille).text()
        #expect(!plain.contains("\u{1B}"))
        let coloured = TerminalPlot(x: unit, y: unit, curves: curves, hasColour: true).text()
        for (line, other) in zip(coloured.split(separator: "\n"), plain.split(separator: "\n")) {
            #expect(line.replacing(/\u{1B}\[[0-9;]*m/, with: "") == other)
            #expect(!line.contains("\u{1B}[38") || line.contains("\u{1B}[0m"))
        }
        for colour in ["214", "75", "36"] { #expect(coloured.contains("\u{1B}[38;5;\(colour)m")) }
    }

    /// A smoothed curve of noise keeps within its middle.
    @Test func smoothingCanBeAskedFor() {
        var random = SeededGenerator(seed: 1)
        let points = (0..<5_000).map { SIMD2(Double($0) / 5_000, Double.random(in: 0...1, using: &random)) }
        func rows(_ isSmoothed: Bool) -> Int {
            let plot = TerminalPlot(x: unit, y: unit, curves: [.init("", points: points, isSmoothed: isSmoothed)])
            return dots(plot.text(width: 80, height: 22), left: 5, rows: 20).count { $0.contains(true) }
        }
        #expect(rows(false) == 80 && rows(true) <= 12)
    }

    /// No values, odd values, odd names and odd sizes: never wider or higher than asked, where that is enough.
    @Test func oddPlotsAreDrawn() {
        #expect(TerminalPlot(curves: []).text(width: 40, height: 10).contains("no data"))
        let odd: [Double] = [.nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, 0, -0.0, 1, 1e-300]
        let name = String(repeating: "name ", count: 40) + "\u{1B}[2J\n"
        for scale in [ChartAxis.Scale.linear, .logarithmic] {
            for (width, height) in [(24, 8), (80, 24), (200, 50), (-1, 0), (.max, 9)] {
                for marks in [TerminalPlot.Marks.braille, .letters] {
                    let axis = ChartAxis(name, scale: scale)
                    let curves = (0..<12).map {
                        TerminalPlot.Curve(name, points: zip(odd, odd.reversed().dropFirst($0 % 3)).map { SIMD2($0, $1) })
                    }
                    let lines = TerminalPlot(name, x: axis, y: axis, curves: curves, marks: marks).text(width: width, height: height)
                        .split(separator: "\n", omittingEmptySubsequences: false)
                    #expect(lines.allSatisfy { $0.count <= max(24, min(1_000, width)) })
                    #expect(lines.allSatisfy { !$0.contains("\u{1B}") })
                }
            }
        }
        let short = TerminalPlot("t", x: ChartAxis("x"), curves: [.init("a", points: [SIMD2(1, 1)])])
        for height in 8...40 { #expect(short.text(width: 40, height: height).split(separator: "\n").count == height) }
    }
}
