import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Radiographs

/// One image of a page of samples: its picture with boxes as SVG over it, and what the dataset says of it.
struct SampleEntry {
    let image: DatasetImage
    let fold: Int?
    let number: Int
    let classes: [FindingClass]
    let readers: [String]

    func html(picture: Data) -> String {
        article(
            "",
            "<input type=\"checkbox\" class=\"enlarge\" id=\"e\(number)\" aria-label=\"Enlarge image \(number)\">"
                + "<label class=\"view\" for=\"e\(number)\"><img loading=\"lazy\" width=\"\(image.width)\" height=\"\(image.height)\" "
                + "alt=\"Radiograph \(number)\" src=\"data:image/jpeg;base64,\(picture.base64EncodedString())\">\n\(overlay)</label>\n")
    }

    func html(error: String) -> String {
        article(" failed", "<p class=\"error\"><b>Could not be read:</b> \(MarkupText.escaped(error))</p>\n")
    }

    private func article(_ state: String, _ content: String) -> String {
        "<article class=\"image\(state)\" aria-labelledby=\"t\(number)\">\n<h2 id=\"t\(number)\"><bdi>\(MarkupText.escaped(image.fileName))</bdi></h2>\n"
            + content + facts + "</article>\n"
    }

    /// Boxes in pixels of the original image, which the view box maps onto the picture. Small boxes are painted last, on top.
    private var overlay: String {
        let (width, height) = (Double(image.width), Double(image.height))
        let font = (width * height).squareRoot() / 36
        let boxes = image.boxes.filter { box in !box.box.isEmpty && box.box.x.isFinite && box.box.y.isFinite }
            .map { (annotation: $0, box: $0.box.clipped(toWidth: width, height: height)) }.filter { !$0.box.isEmpty }
            .sorted { $0.box.area > $1.box.area }
        var layout = LabelLayout(width: width, height: height, boxes: boxes.map(\.box))
        let marks = boxes.map { annotation, box in
            let findingClass = classes.first { $0.id == annotation.classID } ?? FindingClass(id: annotation.classID, name: "?")
            let text = findingClass.name + (annotation.reader.map { " · \($0)" } ?? "")
            let textWidth = min(Double(text.count) * font * 0.6, width - font * 0.6)
            let plate = layout.place(width: textWidth + font * 0.6, height: font * 1.4, for: box)
            let rectangle = SVGNumbers.attributes(box)
            return """
                <g class="mark \(SVGNumbers.colourClass(findingClass))"><rect class="rim" \(rectangle)/><rect class="line \(
                SampleLegend.dashClass(annotation.reader, readers))" \(rectangle)/><g class="label"><rect class="plate" \(SVGNumbers.attributes(plate))/><text x="\(
                SVGNumbers.number(plate.x + font * 0.3))" y="\(SVGNumbers.number(plate.y + font * 1.05))" textLength="\(SVGNumbers.number(textWidth))" \
                lengthAdjust="spacingAndGlyphs">\(MarkupText.escaped(text))</text></g></g>
                """
        }
        return "<svg viewBox=\"0 0 \(image.width) \(image.height)\" font-size=\"\(SVGNumbers.number(font))\" aria-hidden=\"true\">"
            + marks.joined() + "</svg>"
    }

    private var facts: String {
        var items: [String] = []
        if image.boxes.isEmpty {
            items.append("<b>no box</b>")
        } else {
            let counts = classes.compactMap { item -> String? in
                let count = image.boxes.filter { $0.classID == item.id }.count
                return count > 0 ? MarkupText.escaped(item.name) + (count > 1 ? " × \(count)" : "") : nil
            }
            items.append("<b>\(counts.joined(separator: ", "))</b>")
        }
        if let labels = image.labels {
            items.append("said of the image: " + (labels.isEmpty ? "nothing found" : MarkupText.escaped(labels.joined(separator: ", "))))
        }
        items.append("\(image.width) × \(image.height) px")
        if let view = image.view { items.append(MarkupText.escaped(view)) }
        if let sex = image.attributes["sex"] { items.append(MarkupText.escaped(sex)) }
        if let age = image.attributes["age"] { items.append("age \(MarkupText.escaped(age))") }
        if let part = image.part { items.append(MarkupText.escaped(part)) }
        if let fold { items.append("fold \(fold)") }
        return "<p class=\"facts\">\(items.joined(separator: " · "))</p>\n"
    }
}
