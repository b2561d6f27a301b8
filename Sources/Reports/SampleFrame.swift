import Basics
import Findings
import Outputs
import Radiographs

/// What stands before the images of a page of samples.
struct SampleFrame {
    let classes: [FindingClass]
    let readers: [String]

    /// Lines of readers, from the first: unbroken, then ever shorter dashes. A box that names nobody has the first.
    static let dashes = ["none", "9 5", "3 3", "12 4 3 4", "1 3", "14 3"]

    /// Which of `dashes` a reader has.
    static func dash(_ reader: String?, _ readers: [String]) -> Int {
        guard let reader, let index = readers.firstIndex(of: reader) else { return 0 }
        return index % dashes.count
    }

    func head(name: String, choice: String, nonce: String) -> String {
        let nonce = MarkupText.escaped(nonce)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            \(OwnFile.generatorMark)
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'nonce-\(nonce)'; \
            base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>Pleura: samples</title>
            <style nonce="\(nonce)">
            \(PageStyle.text)
            \(Self.style)
            \(Self.palette)
            </style>
            </head>
            <body>
            <p class="banner" role="note"><b>\(MarkupText.escaped(Notice.banner))</b></p>
            <div class="page">
            <aside aria-label="Legend">
            <h1>Samples</h1>
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
            <p class="notice">\(MarkupText.escaped(Notice.researchUseOnly)).</p>
            </aside>
            <main id="images" aria-label="Images">

            """
    }

    private func classLine(_ findingClass: FindingClass) -> String {
        "<p class=\"key c\(PageEntry.index(findingClass))\"><span class=\"swatch\"></span>\(MarkupText.escaped(findingClass.name))</p>"
    }

    private var readerLegend: String {
        guard !readers.isEmpty else { return "" }
        let lines = readers.prefix(30).map { reader in
            "<p class=\"key\"><svg class=\"dash\" viewBox=\"0 0 30 6\" aria-hidden=\"true\"><line class=\"d\(Self.dash(reader, readers))\" x1=\"0\" x2=\"30\" y1=\"3\" "
                + "y2=\"3\"/></svg><bdi>\(MarkupText.escaped(reader))</bdi></p>"
        }
        let more = readers.count > 30 ? ["<p class=\"hint\">and \(readers.count - 30) others</p>"] : []
        return "<fieldset><legend>Readers</legend>\n\((lines + more).joined(separator: "\n"))\n</fieldset>\n"
    }

    private static let style = """
        .key { display: flex; align-items: center; gap: .5rem; margin: 0; padding: .1rem 0; overflow-wrap: anywhere; }
        svg.dash { flex: none; width: 1.9rem; height: .4rem; }
        svg.dash line { stroke: #D8D8D8; stroke-width: 2; }
        body:has(#show-boxes:not(:checked)) .mark, body:has(#show-labels:not(:checked)) .mark .label { display: none; }
        body:has(#invert:checked) .view img { filter: invert(1); }
        label.view { display: block; }
        .enlarge { position: absolute; opacity: 0; pointer-events: none; }
        .image:has(.enlarge:focus-visible) { outline: 2px solid #FFF; }
        .image:has(.enlarge:checked) { grid-column: 1 / -1; }
        .image:has(.enlarge:checked) .view { width: fit-content; max-width: 100%; margin: 0 auto; cursor: zoom-out; }
        .image:has(.enlarge:checked) .view img { width: auto; height: 86vh; max-width: 100%; object-fit: contain; }
        .facts { margin: .5rem 0 0; color: #9A9A9A; font-size: .85rem; overflow-wrap: anywhere; }
        .facts b { color: #D8D8D8; font-weight: 600; }
        """ + "\n" + dashes.enumerated().map { ".d\($0) { stroke-dasharray: \($1); }" }.joined(separator: "\n")

    private static var palette: String {
        FindingPalette.colours.enumerated().map { index, colour in
            ".c\(index) { --colour: \(colour.hex); --text: \(colour.takesBlackText ? "#000" : "#FFF"); }"
        }.joined(separator: "\n")
    }
}
