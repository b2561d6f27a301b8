import Basics
import Findings
import Foundation
import Geometry
import Radiographs
import Reports

/// One image of the page: its picture with boxes as SVG over it, its findings as a list, its warnings and errors.
struct FindingsEntry {
    let image: ImageFindings
    let number: Int
    let picture: Data?
    let annotated: String?

    var html: String {
        let name = MarkupText.escaped(image.reference.name) + (image.reference.frame.map { " · frame \($0)" } ?? "")
        let state = image.error != nil ? " failed" : image.remarks.isEmpty ? "" : " warned"
        var html = "<article class=\"image\(state)\" aria-labelledby=\"t\(number)\">\n<h2 id=\"t\(number)\"><bdi>\(name)</bdi></h2>\n"
        if let error = image.error { html += "<p class=\"error\"><b>Could not be done:</b> \(MarkupText.escaped(error.description))</p>\n" }
        for remark in image.remarks { html += "<p class=\"warning\"><b>Warning:</b> \(MarkupText.escaped(remark.text))</p>\n" }
        if let picture, image.width > 0, image.height > 0 {
            html += "<div class=\"view\"><img loading=\"lazy\" width=\"\(image.width)\" height=\"\(image.height)\" "
            html += "alt=\"Radiograph \(number)\" src=\"data:image/jpeg;base64,\(picture.base64EncodedString())\">\n\(overlay)</div>\n"
        }
        html += anatomy + list
        if let annotated {
            let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "._-"))
            let target = annotated.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
            html += "<p class=\"more\"><a href=\"./\(MarkupText.escaped(target))\">annotated picture</a></p>\n"
        }
        return html + "</article>\n"
    }

    /// Boxes in pixels of the original image, which the view box maps onto the picture.
    private var overlay: String {
        let (width, height) = (Double(image.width), Double(image.height))
        let font = (width * height).squareRoot() / 36
        var layout = LabelLayout(width: width, height: height, boxes: image.findings.map(\.boundingBox))
        let ids = Set(image.findings.map(\.id))
        var marks: [String] = []
        for (index, finding) in image.listed.enumerated() {
            let box = finding.boundingBox.clipped(toWidth: width, height: height)
            guard !box.isEmpty, box.x.isFinite, box.y.isFinite else { continue }
            let isAlternative = finding.alternativeTo.map(ids.contains) == true
            let text = "\(finding.findingClass.title) \(Self.score(finding.score))"
            let textWidth = min(Double(text.count) * font * 0.58, width - font * 0.6)
            let plate = layout.place(width: textWidth + font * 0.6, height: font * 1.4, for: box)
            let rectangle = SVGNumbers.attributes(box)
            marks.append(
                """
                <g class="mark \(SVGNumbers.colourClass(finding.findingClass))\(isAlternative ? " alternative" : "")" id="b\(number)-\(index)" data-class="\(finding.findingClass.id)" data-score="\(
                Rounding.text(Rounding.score(finding.score)))"><rect class="rim" \(rectangle)/><rect class="line" \(rectangle)/>\
                <g class="label"><rect class="plate" \(SVGNumbers.attributes(plate))/><text x="\(SVGNumbers.number(plate.x + font * 0.3))" \
                y="\(SVGNumbers.number(plate.y + font * 1.05))" textLength="\(SVGNumbers.number(textWidth))" \
                lengthAdjust="spacingAndGlyphs">\(MarkupText.escaped(text))</text></g></g>
                """)
        }
        // The surest stands first in the list and is painted last, on top.
        let size = SVGNumbers.number(font)
        return "<svg viewBox=\"0 0 \(image.width) \(image.height)\" font-size=\"\(size)\" aria-hidden=\"true\">" + borders
            + marks.reversed().joined() + "</svg>"
    }

    /// Borders of lungs and heart and the two lines of the ratio, below the boxes.
    private var borders: String {
        guard let anatomy = image.anatomy else { return "" }
        let width = SVGNumbers.number((Double(image.width) * Double(image.height)).squareRoot() / 400)
        var svg = ""
        for outline in anatomy.outlines where !outline.structure.hasSuffix("clavicle") {
            let points = outline.points.map { "\(SVGNumbers.number($0.x)),\(SVGNumbers.number($0.y))" }.joined(separator: " ")
            svg += "<polygon fill=\"none\" stroke=\"#7fd4ff\" stroke-opacity=\"0.6\" stroke-width=\"\(width)\" points=\"\(points)\"/>"
        }
        for line in [anatomy.ratio?.thorax, anatomy.ratio?.heart].compactMap(\.self) {
            let (left, right, y) = (SVGNumbers.number(line.left), SVGNumbers.number(line.right), SVGNumbers.number(line.y))
            svg += "<line stroke=\"#ffe082\" stroke-width=\"\(width)\" x1=\"\(left)\" x2=\"\(right)\" y1=\"\(y)\" y2=\"\(y)\"/>"
        }
        return svg
    }

    /// The ratio, or why it and the places are not told.
    private var anatomy: String {
        guard image.error == nil, let anatomy = image.anatomy else { return "" }
        var html = ""
        if let ratio = anatomy.ratio {
            html += "<p class=\"more\">Cardiothoracic ratio \(Self.score(ratio.value)) ± \(Self.score(ratio.error))</p>\n"
        }
        for note in anatomy.notes { html += "<p class=\"more\">\(MarkupText.escaped(note.description))</p>\n" }
        return html
    }

    private var list: String {
        guard image.error == nil else { return "" }
        guard !image.findings.isEmpty else {
            return "<p class=\"none\">No finding above the threshold. This does not mean a normal image.</p>\n"
        }
        let places = Dictionary(image.listed.enumerated().map { ($1.id, $0) }) { first, _ in first }
        let items = image.listed.enumerated().map { index, finding in
            // Another reading of a surer finding's place: its own box shows when it is pointed at, or when the surer one is filtered out.
            let surer = finding.alternativeTo.flatMap { places[$0] }
            let box = Rounding.box(finding.boundingBox).map { Rounding.text($0.rounded()) }
            return """
                <li class="\(SVGNumbers.colourClass(finding.findingClass))\(surer == nil ? "" : " alternative")"\(
                surer.map { " data-surer=\"b\(number)-\($0)\"" } ?? "") data-class="\(finding.findingClass.id)" data-score="\(
                Rounding.text(Rounding.score(finding.score)))"><button type="button" aria-pressed="false" data-mark="b\(number)-\(index)">\
                <span class="swatch"></span><span class="label">\(surer == nil ? "" : "or ")\(
                MarkupText.escaped(finding.findingClass.title))</span>\
                <span class="score">\(Self.score(finding.score))</span></button>\
                <span class="place">x \(box[0]) y \(box[1]), \(box[2]) × \(box[3]) px\(
                finding.place.map { "; \($0.text)" } ?? "")</span></li>
                """
        }
        return "<ol class=\"findings\">\n" + items.joined(separator: "\n")
            + "\n</ol>\n<p class=\"none\" hidden>All findings of this image are filtered out.</p>\n"
    }

    private static func score(_ score: Double) -> String { score.isFinite ? String(format: "%.2f", min(1, max(0, score))) : "?" }
}
