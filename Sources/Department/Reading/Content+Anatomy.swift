import Archive
import Findings
import Reports

// What the model says of quality and anatomy, as readings keep it: rounded as `detect` writes it.

extension Reading.Content.Quality {
    init(_ quality: ImageQuality) {
        self.init(
            code: quality.code.rawValue, value: Rounding.score(quality.value), limit: Rounding.score(quality.limit),
            level: quality.level.rawValue, isMended: quality.isMended, values: quality.values, sentence: quality.description)
    }

    /// In a language's words, with a capital letter.
    func text(in sentences: Sentences) -> String {
        let text = sentences.text(of: "quality.\(code)\(isMended ? ".mended" : "")", values)
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}

extension Reading.Content.Line {
    init(_ line: CardiothoracicRatio.Line) {
        self.init(left: Rounding.pixels(line.left), right: Rounding.pixels(line.right), y: Rounding.pixels(line.y))
    }
}

extension Reading.Content.Ratio {
    init(_ ratio: CardiothoracicRatio) {
        self.init(
            value: Rounding.score(ratio.value), error: Rounding.score(ratio.error), heart: Reading.Content.Line(ratio.heart),
            thorax: Reading.Content.Line(ratio.thorax))
    }
}

extension Reading.Content.Remark {
    init(_ warning: ImageWarning) {
        self.init(code: warning.code.rawValue, values: warning.values, sentence: warning.description)
    }

    func text(in sentences: Sentences) -> String { sentences.text(of: code, values) }
}

extension Reading.Content.Anatomy {
    init(_ anatomy: ImageAnatomy) {
        self.init(
            isMeasurable: anatomy.isMeasurable, notes: anatomy.notes.map(Reading.Content.Remark.init),
            outlines: anatomy.outlines.map { outline in
                Outline(structure: outline.structure, points: outline.points.map { [Rounding.pixels($0.x), Rounding.pixels($0.y)] })
            })
    }
}
