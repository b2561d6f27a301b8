import Basics
import Datasets
import Findings
import Foundation
import FoundationXML
import XMLCoder

/// XML that comes from outside, checked before a parser sees a byte of it, and text as XML has it.
///
/// Annotation files need no document type, so one is refused whatever is in it: no entity is ever expanded or fetched.
package enum XMLText {
    /// Bytes of the largest file that is read; a decoded document takes many times its size.
    static let maximumSize = 256 << 20

    /// - Parameters:
    ///   - root: The name that the outermost element must have.
    ///   - name: The file's name, for messages.
    /// - Throws: `DatasetError` of code `malformed`.
    static func decode<Value: Decodable>(_ type: Value.Type, root: String, from bytes: Data, name: String) throws -> Value {
        let text = try checked(bytes, name: name)
        let shape = XMLShape(text)
        if let line = shape.faultLine { throw DatasetError(.malformed, "\(name), line \(line): \(shape.fault)") }
        guard shape.root == root else { throw DatasetError(.malformed, "\(name): no <\(root)>") }
        do {
            return try XMLDecoder().decode(type, from: text)
        } catch {
            throw DatasetError(.malformed, "\(name): <\(root)> is not built as it should be")
        }
    }

    /// The bytes as UTF-8 without an XML declaration.
    /// - Throws: `DatasetError` for what is too large, no text, or declares a document type.
    package static func checked(_ bytes: Data, name: String) throws -> Data {
        func refusal(_ reason: String) -> DatasetError { DatasetError(.malformed, "\(name): \(reason)") }
        guard !bytes.isEmpty else { throw refusal("the file is empty") }
        guard bytes.count <= maximumSize else { throw refusal("more than \(maximumSize >> 20) MiB of XML") }
        // UTF-16 and UTF-32 could hide a document type from the search below, so they are UTF-8 from here on, whatever they declare.
        let isWide = TextDecoding.isWide(bytes)
        guard let bytes = isWide ? TextDecoding.utf8(bytes) : bytes, !bytes.contains(0) else { throw refusal("not UTF-8 text") }
        var text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
        var encoding = ""
        if text.starts(with: Data("<?xml".utf8)), let end = text.prefix(headSize).range(of: Data("?>".utf8)) {
            encoding = declaredEncoding(String(decoding: text[text.startIndex..<end.lowerBound], as: UTF8.self))
            // The declaration's line stays, so that lines keep their numbers.
            text = text[end.upperBound...]
        }
        switch isWide ? "utf-8" : encoding {
        case "":
            guard let decoded = TextDecoding.utf8(Data(text)) else {
                throw refusal("line \(TextDecoding.faultLine(Data(text))) is not UTF-8 text")
            }
            text = decoded[...]
        case "utf-8", "utf8", "us-ascii", "ascii":
            guard String(validating: text, as: UTF8.self) != nil else {
                throw refusal("line \(TextDecoding.faultLine(Data(text))) is not UTF-8 text")
            }
        case "windows-1252", "cp1252": text = Data(text.withUnsafeBytes { TextDecoding.windows1252($0) }.utf8)[...]
        case "iso-8859-1", "latin-1", "latin1", "iso_8859-1":
            text = Data(String(String.UnicodeScalarView(text.map { Unicode.Scalar($0) })).utf8)
        default: throw refusal("the encoding is none of UTF-8, UTF-16, Latin-1 and Windows-1252")
        }
        guard !declaresMarkup(text) else { throw refusal("a document type or entity declaration; such files are not read") }
        return Data(text)
    }

    private static let headSize = 4096

    private static func declaredEncoding(_ declaration: String) -> String {
        guard let label = declaration.range(of: "encoding"),
            let open = declaration[label.upperBound...].firstIndex(where: { $0 == "\"" || $0 == "'" })
        else { return "" }
        let rest = declaration[declaration.index(after: open)...]
        return String(rest.prefix { $0 != "\"" && $0 != "'" }).lowercased()
    }

    /// Whether `<!` begins anything but a comment or a CDATA section.
    private static func declaresMarkup(_ text: Data) -> Bool {
        var rest = text[...]
        while let found = rest.range(of: Data("<!".utf8)) {
            let after = rest[found.upperBound...]
            guard after.starts(with: Data("--".utf8)) || after.starts(with: Data("[CDATA[".utf8)) else { return true }
            rest = after
        }
        return false
    }

    /// The name of the outermost element, from a file's first bytes; `nil` where they show none.
    static func root(of head: Data) -> String? {
        var rest = String(decoding: TextDecoding.head(head), as: UTF8.self)[...]
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            if rest.hasPrefix("!--") {
                guard let end = rest.range(of: "-->") else { return nil }
                rest = rest[end.upperBound...]
            } else if rest.hasPrefix("?") {
                guard let end = rest.range(of: "?>") else { return nil }
                rest = rest[end.upperBound...]
            } else if !rest.hasPrefix("!") {
                let name = rest.prefix { !$0.isWhitespace && $0 != ">" && $0 != "/" && $0 != "<" }
                return name.isEmpty ? nil : String(name)
            }
        }
        return nil
    }

    /// The text for an element or an attribute in quotation marks.
    /// - Throws: `DatasetError` for control characters, which XML 1.0 cannot hold.
    static func escaped(_ text: String) throws -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += "&#\(scalar.value);"
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": throw DatasetError(.malformed, "a name has a character that XML cannot hold")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// A first look at a whole document before it is decoded: whether it is XML to its end and how deep it goes. XMLCoder takes what stands
/// before some faults for the whole, and it and the parser call themselves for every element inside another, which ends in a crash
/// where an element is inside a hundred thousand others.
private final class XMLShape: NSObject, XMLParserDelegate {
    /// Far more than any annotation format needs.
    static let maximumDepth = 64

    private(set) var root: String?
    private(set) var fault = "not XML"
    /// From 1; `nil` where all is well.
    private(set) var faultLine: Int?
    private var depth = 0

    init(_ text: Data) {
        super.init()
        let parser = XMLParser(data: text)
        parser.delegate = self
        let isWhole = parser.parse()
        if faultLine == nil, !isWhole || parser.parserError != nil { faultLine = max(1, parser.lineNumber) }
    }

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        if root == nil { root = elementName }
        depth += 1
        guard depth > Self.maximumDepth, faultLine == nil else { return }
        (fault, faultLine) = ("elements inside more than \(Self.maximumDepth) others", max(1, parser.lineNumber))
        parser.abortParsing()
    }

    func parser(_ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName: String?) { depth -= 1 }
}
