import Basics
import Findings

/// The column beside a dataset's pictures: what the colours and the dashes mean.
struct SampleLegend {
    let classes: [FindingClass]
    let readers: [String]

    /// How many kinds of lines `samples.css` has: `d0`, unbroken, and ever shorter dashes.
    static let dashCount = 6

    /// The class of a reader's lines; a box that names nobody has the first.
    static func dashClass(_ reader: String?, _ readers: [String]) -> String {
        guard let reader, let index = readers.firstIndex(of: reader) else { return "d0" }
        return "d\(index % dashCount)"
    }

    func html(name: String, choice: String) -> String {
        """
        <p class="hint">Dataset <bdi>\(MarkupText.escaped(name))</bdi>: \(MarkupText.escaped(choice)).</p>
        <fieldset><legend>Picture</legend>
        <label><input type="checkbox" id="show-boxes" checked> boxes</label>
        <label><input type="checkbox" id="show-labels" checked> labels</label>
        <label><input type="checkbox" id="invert"> inverted</label>
        </fieldset>
        <fieldset><legend>Findings</legend>
        \(classes.map(classLine).joined(separator: "\n"))
        </fieldset>
        \(readerLegend)<p class="hint">Boxes are what readers drew. A click on a picture enlarges it.</p>

        """
    }

    private func classLine(_ findingClass: FindingClass) -> String {
        "<p class=\"key \(SVGNumbers.colourClass(findingClass))\"><span class=\"swatch\"></span>\(MarkupText.escaped(findingClass.name))</p>"
    }

    private var readerLegend: String {
        guard !readers.isEmpty else { return "" }
        let lines = readers.prefix(30).map { reader in
            "<p class=\"key\"><svg class=\"dash\" viewBox=\"0 0 30 6\" aria-hidden=\"true\"><line class=\"\(Self.dashClass(reader, readers))\" x1=\"0\" x2=\"30\" y1=\"3\" "
                + "y2=\"3\"/></svg><bdi>\(MarkupText.escaped(reader))</bdi></p>"
        }
        let more = readers.count > 30 ? ["<p class=\"hint\">and \(readers.count - 30) others</p>"] : []
        return "<fieldset><legend>Readers</legend>\n\((lines + more).joined(separator: "\n"))\n</fieldset>\n"
    }
}
