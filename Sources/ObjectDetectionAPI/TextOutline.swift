/// Which fields stand on which lines of a file in Protocol Buffers text format. SwiftProtobuf reads the values but does not say where it
/// met a fault; this only finds the places, and knows nothing of any message.
///
/// Grammar: https://protobuf.dev/reference/protobuf/textformat-spec/
struct TextOutline: Sendable {
    struct Field: Hashable, Sendable {
        var name: String
        /// Names from the root, with dots.
        var path: String
        /// Of the name, from 1.
        var line: Int
        /// Index of the message it stands in; `nil` at the root.
        var parent: Int?
        /// The bytes from the name to the end of the value; of a message, to its opening bracket.
        var source: Range<Int>
        /// The bytes of a plain value or list of them; empty for a message.
        var value: Range<Int>
        /// What closes it, for a message: a bracket, and that of a list where it stands in one.
        var closing: String?
        var hasChildren = false

        var isMessage: Bool { closing != nil }
    }

    struct Fault: Error {
        var line: Int
        var reason: String
    }

    let bytes: [UInt8]
    private(set) var fields: [Field] = []

    /// SwiftProtobuf's own limit.
    private static let depthLimit = 100
    private static let numberInsteadOfName = "fields go by their names, not by numbers"

    /// - Throws: `Fault` at the first place where the text is not text format.
    init(_ text: String) throws(Fault) {
        bytes = Array(text.utf8)
        var scanner = TextScanner(bytes: bytes)
        // The messages that are open, outermost first: index of the field, what closes it, whether it stands in a list.
        var open: [(field: Int, bracket: UInt8, isInList: Bool)] = []

        func enter(_ name: String, line: Int, from start: Int, isInList: Bool) throws(Fault) {
            guard open.count < Self.depthLimit else {
                throw Fault(line: line, reason: "more than \(Self.depthLimit) messages in each other")
            }
            let bracket: UInt8 = scanner.take("{") ? UInt8(ascii: "}") : UInt8(ascii: ">")
            if bracket == UInt8(ascii: ">") { _ = scanner.take("<") }
            let closing = String(UnicodeScalar(bracket)) + (isInList ? "]" : "")
            let index = append(name, line: line, parent: open.last?.field, source: start..<scanner.position, closing: closing)
            open.append((index, bracket, isInList))
        }

        while true {
            scanner.skipSpace()
            guard let byte = scanner.current else { break }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: ">") {
                guard let last = open.popLast(), last.bracket == byte else {
                    throw Fault(line: scanner.line, reason: "this closing bracket has no opening one")
                }
                scanner.advance()
                guard last.isInList else {
                    scanner.skipSeparator()
                    continue
                }
                scanner.skipSpace()
                if scanner.take(",") {
                    scanner.skipSpace()
                    guard scanner.isAtOpening else { throw Fault(line: scanner.line, reason: "the list goes on with no message") }
                    try enter(fields[last.field].name, line: scanner.line, from: scanner.position, isInList: true)
                } else if scanner.take("]") {
                    scanner.skipSeparator()
                } else {
                    throw Fault(line: scanner.line, reason: "the list of messages does not end")
                }
                continue
            }
            let (start, line) = (scanner.position, scanner.line)
            // SwiftProtobuf takes numbers for names; the Object Detection API does not.
            guard let name = scanner.name() else {
                throw Fault(line: line, reason: scanner.isAtDigit ? Self.numberInsteadOfName : "the name of a field was expected")
            }
            scanner.skipSpace()
            let hasColon = scanner.take(":")
            scanner.skipSpace()
            if scanner.isAtOpening {
                try enter(name, line: line, from: start, isInList: false)
                continue
            }
            guard hasColon else { throw Fault(line: line, reason: "\(name) is followed by neither a colon nor a bracket") }
            if scanner.isAtListOfMessages {
                _ = scanner.take("[")
                scanner.skipSpace()
                try enter(name, line: line, from: start, isInList: true)
                continue
            }
            let valueStart = scanner.position
            try scanner.skipValue(of: name)
            let end = scanner.position
            append(name, line: line, parent: open.last?.field, source: start..<end, value: valueStart..<end, closing: nil)
            scanner.skipSeparator()
        }
        if let last = open.last { throw Fault(line: fields[last.field].line, reason: "\(fields[last.field].path) is never closed") }
    }

    @discardableResult
    private mutating func append(
        _ name: String, line: Int, parent: Int?, source: Range<Int>, value: Range<Int> = 0..<0, closing: String?
    ) -> Int {
        let path = parent.map { "\(fields[$0].path).\(name)" } ?? name
        if let parent { fields[parent].hasChildren = true }
        fields.append(Field(name: name, path: path, line: line, parent: parent, source: source, value: value, closing: closing))
        return fields.count - 1
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The messages around a field, innermost first.
    func ancestors(of index: Int) -> [Int] {
        var result: [Int] = []
        var next = fields[index].parent
        while let parent = next {
            result.append(parent)
            next = fields[parent].parent
        }
        return result
    }

    /// The field alone, in its messages: text that SwiftProtobuf can judge. A message comes without its fields.
    func alone(_ index: Int) -> String {
        let field = fields[index]
        let around = ancestors(of: index)
        let opening = around.reversed().map { "\(fields[$0].name) {" }.joined(separator: " ")
        return "\(opening) \(field.isMessage ? "\(field.name) {}" : text(field.source)) \(around.map { _ in "}" }.joined())"
    }

    /// The field alone, twice in a list: right only for a repeated field.
    func doubled(_ index: Int) -> String {
        let field = fields[index]
        let around = ancestors(of: index)
        let value = field.isMessage ? "{}" : text(field.value)
        let opening = around.reversed().map { "\(fields[$0].name) {" }.joined(separator: " ")
        return "\(opening) \(field.name): [\(value), \(value)] \(around.map { _ in "}" }.joined())"
    }

    /// The file as far as this field, with what is open closed.
    func prefix(through index: Int) -> String {
        let around = (fields[index].isMessage ? [index] : []) + ancestors(of: index)
        return text(0..<fields[index].source.upperBound) + " " + around.compactMap { fields[$0].closing }.joined()
    }
}
