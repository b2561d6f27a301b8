import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// Writes CVAT's XML piece by piece.
struct CVATOutput {
    /// The names of a box's attributes.
    static let reader = "reader"
    static let agreement = "agreement"

    private let dataset: Dataset
    private let names: [Int: String]
    private let roundsToPixels: Bool

    init(_ dataset: Dataset, roundsToPixels: Bool) {
        self.dataset = dataset
        self.roundsToPixels = roundsToPixels
        names = dataset.findingClasses.names
    }

    /// Everything before the images.
    func head() throws -> String {
        let boxes = dataset.images.flatMap(\.boxes)
        var attributes: [String] = []
        if boxes.contains(where: { $0.reader != nil }) { attributes.append(Self.reader) }
        if boxes.contains(where: { $0.agreement != nil }) { attributes.append(Self.agreement) }
        let declared = attributes.map {
            "            <attribute>\n              <name>\($0)</name>\n              <mutable>False</mutable>\n"
                + "              <input_type>text</input_type>\n              <default_value></default_value>\n"
                + "              <values></values>\n            </attribute>\n"
        }.joined()
        var text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n  <version>1.1</version>\n  <meta>\n    <task>\n"
        text += "      <size>\(dataset.images.count)</size>\n      <mode>annotation</mode>\n      <labels>\n"
        let tags = Set(dataset.images.flatMap { $0.labels.map { $0.isEmpty ? [CVATFormat.noFinding] : $0 } ?? [] })
        let classNames = Set(dataset.findingClasses.map(\.name))
        func label(_ name: String, id: Int?, type: String) throws {
            text += "        <label>\n" + (id.map { "          <id>\($0)</id>\n" } ?? "")
            text += "          <name>\(try XMLText.escaped(name))</name>\n          <type>\(type)</type>\n"
            text += declared.isEmpty || type == "tag" ? "          <attributes>\n" : "          <attributes>\n\(declared)"
            text += "          </attributes>\n        </label>\n"
        }
        // CVAT itself writes no id here and leaves it aside.
        for item in dataset.findingClasses { try label(item.name, id: item.id, type: tags.contains(item.name) ? "any" : "rectangle") }
        for name in tags.subtracting(classNames).sorted() { try label(name, id: nil, type: "tag") }
        return text + "      </labels>\n    </task>\n  </meta>\n"
    }

    /// - Parameter number: From 0, as CVAT counts images.
    func element(_ image: DatasetImage, number: Int) throws -> String {
        let subset = try image.part.map { " subset=\"\(try XMLText.escaped($0))\"" } ?? ""
        var text = "  <image id=\"\(number)\" name=\"\(try XMLText.escaped(image.fileName))\"\(subset)"
        text += " width=\"\(image.width)\" height=\"\(image.height)\">\n"
        for annotation in image.boxes {
            let box = roundsToPixels ? annotation.box.roundedToPixels : annotation.box
            let edges = [("xtl", box.x), ("ytl", box.y), ("xbr", box.maxX), ("ybr", box.maxY)]
            text += "    <box label=\"\(try XMLText.escaped(names[annotation.classID] ?? ""))\" source=\"manual\" occluded=\"0\""
            text += edges.map { " \($0.0)=\"\(Decimals.shortest($0.1))\"" }.joined() + " z_order=\"0\">\n"
            if let reader = annotation.reader {
                text += "      <attribute name=\"\(Self.reader)\">\(try XMLText.escaped(reader))</attribute>\n"
            }
            if let agreement = annotation.agreement {
                text += "      <attribute name=\"\(Self.agreement)\">\(Decimals.shortest(agreement))</attribute>\n"
            }
            text += "    </box>\n"
        }
        for label in image.labels.map({ $0.isEmpty ? [CVATFormat.noFinding] : $0 }) ?? [] {
            text += "    <tag label=\"\(try XMLText.escaped(label))\" source=\"manual\">\n    </tag>\n"
        }
        return text + "  </image>\n"
    }
}
