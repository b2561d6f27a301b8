/// The tokens of Protocol Buffers text format.
struct TextScanner {
    let bytes: [UInt8]
    private(set) var position = 0
    /// From 1.
    private(set) var line = 1

    init(bytes: [UInt8]) { self.bytes = bytes }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }
    var isAtOpening: Bool { current == UInt8(ascii: "{") || current == UInt8(ascii: "<") }

    var isAtDigit: Bool { current.map((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) ?? false }

    /// At a list whose first element is a message.
    var isAtListOfMessages: Bool {
        var ahead = self
        guard ahead.take("[") else { return false }
        ahead.skipSpace()
        return ahead.isAtOpening
    }

    mutating func advance() {
        if current == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    mutating func take(_ character: UnicodeScalar) -> Bool {
        guard let current, UnicodeScalar(current) == character else { return false }
        advance()
        return true
    }

    /// Blanks, line ends and comments.
    mutating func skipSpace() {
        while let byte = current {
            if byte == UInt8(ascii: "#") {
                while let next = current, next != UInt8(ascii: "\n") { advance() }
            } else if byte == 0x20 || (0x09...0x0D).contains(byte) {
                advance()
            } else {
                return
            }
        }
    }

    /// The comma or semicolon that may follow a field.
    mutating func skipSeparator() {
        skipSpace()
        if !take(",") { _ = take(";") }
    }

    /// An identifier, or the name of an extension in square brackets.
    mutating func name() -> String? {
        let start = position
        if take("[") {
            while let byte = current, byte != UInt8(ascii: "]") {
                guard byte > 0x20 else { return nil }
                advance()
            }
            guard take("]") else { return nil }
        } else {
            guard let first = current, Self.isWord(first), !isAtDigit else { return nil }
            while let byte = current, Self.isWord(byte) { advance() }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// A number, a word, a string in one or several pieces, or a list of these.
    mutating func skipValue(of name: String) throws(TextOutline.Fault) {
        guard take("[") else { return try skipScalar(of: name) }
        skipSpace()
        if take("]") { return }
        while true {
            skipSpace()
            try skipScalar(of: name)
            skipSpace()
            if take("]") { return }
            guard take(",") else { throw TextOutline.Fault(line: line, reason: "the list of \(name) does not end") }
        }
    }

    private mutating func skipScalar(of name: String) throws(TextOutline.Fault) {
        while let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            try skipString(quote)
            // Strings that follow each other are one; blanks after the last do not belong to the value.
            var ahead = self
            ahead.skipSpace()
            guard let next = ahead.current, next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") else { return }
            self = ahead
        }
        if take("-") { skipSpace() }
        let word = position
        while let byte = current, Self.isWord(byte) || ".+".utf8.contains(byte) || isExponentSign { advance() }
        guard position > word else { throw TextOutline.Fault(line: line, reason: "\(name) has no value") }
    }

    /// A minus inside a number, after its e.
    private var isExponentSign: Bool {
        guard current == UInt8(ascii: "-"), position > 0 else { return false }
        return bytes[position - 1] | 0x20 == UInt8(ascii: "e")
    }

    private mutating func skipString(_ quote: UInt8) throws(TextOutline.Fault) {
        let start = line
        advance()
        while let byte = current, byte != UInt8(ascii: "\n") {
            advance()
            if byte == quote { return }
            if byte == UInt8(ascii: "\\"), current != nil { advance() }
        }
        throw TextOutline.Fault(line: start, reason: "the string does not end on its line")
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
