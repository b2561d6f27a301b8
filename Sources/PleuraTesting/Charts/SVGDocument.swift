import Foundation
import FoundationXML

/// A chart that cannot be tested.
package struct ChartFault: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// An SVG as an XML parser understands it.
package final class SVGElement {
    package let name: String
    package let attributes: [String: String]
    package private(set) var children: [SVGElement] = []
    package private(set) var text = ""

    package init(name: String, attributes: [String: String]) {
        self.name = name
        self.attributes = attributes
    }

    /// - Throws: where the text is no well-formed XML.
    package static func parse(_ svg: String) throws -> SVGElement {
        let reader = Reader()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = reader
        guard parser.parse(), let root = reader.root else { throw ChartFault("no XML: \(parser.parserError.map { "\($0)" } ?? "")") }
        return root
    }

    package func number(_ attribute: String) -> Double { attributes[attribute].flatMap(Double.init) ?? .nan }

    /// All below this one, in the order of the file.
    package var all: [SVGElement] { children.flatMap { [$0] + $0.all } }

    package func groups(_ kind: String, name: String? = nil) -> [SVGElement] {
        all.filter { $0.name == "g" && $0.attributes["class"] == kind && (name == nil || $0.attributes["data-name"] == name) }
    }

    package var texts: [String] { all.filter { $0.name == "text" }.map(\.text) }

    /// The corners of all paths below, in their order.
    package var corners: [[SIMD2<Double>]] {
        all.filter { $0.name == "path" }.map { path in
            (path.attributes["d"] ?? "").split { "MLZ".contains($0) }.map { pair in
                let numbers = pair.split(separator: " ").compactMap { Double($0) }
                return SIMD2(numbers[0], numbers[1])
            }
        }
    }

    package var circles: [SIMD2<Double>] { all.filter { $0.name == "circle" }.map { SIMD2($0.number("cx"), $0.number("cy")) } }

    /// Tags, kinds and texts, a line each, indented.
    package func outline(indent: String = "") -> String {
        let kind = attributes["class"].map { ".\($0)" } ?? ""
        let shown = attributes["data-name"].map { " [\($0)]" } ?? ""
        let line = "\(indent)\(name)\(kind)\(shown)\(text.isEmpty ? "" : " \(text)")\n"
        return line + children.map { $0.outline(indent: indent + " ") }.joined()
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var root: SVGElement?
        private var open: [SVGElement] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
        ) {
            let element = SVGElement(name: name, attributes: attributes)
            open.last?.children.append(element)
            if root == nil { root = element }
            open.append(element)
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { open.last?.text += string }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) { open.removeLast() }
    }
}
