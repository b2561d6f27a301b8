/// Finds the place where a text stops being a label map, for a message: the parser of Protocol Buffers does not tell it.
struct LabelMapText {
    private enum Word: Equatable {
        case name(String)
        case number(String)
        case text
        case mark(Character)
        case end

        var found: String {
            switch self {
            case .name(let name): "the word \"\(name)\""
            case .number(let number): "the number \(number)"
            case .text: "a text"
            case .mark(let mark): "\(mark)"
            case .end: "the end of the file"
            }
        }
    }

    private struct Fault: Error { let reason: String }

    /// What Protocol Buffers leave aside between words; a blank that does not break lines is none of it.
    private static let blanks: Set<Character> = [" ", "\t", "\n", "\r", "\r\n", "\u{0B}", "\u{0C}"]

    private let scalars: [Character]
    private var position = 0
    private var line = 1
    private var word = Word.end
    /// Where `word` begins.
    private var wordLine = 1

    /// The line, what is there and what should be; `nil` where all words are of a label map of the TensorFlow Object Detection API.
    static func fault(in text: String) -> String? {
        var scanner = LabelMapText(scalars: Array(text))
        do throws(Fault) {
            try scanner.file()
            return nil
        } catch {
            return error.reason
        }
    }

    private init(scalars: [Character]) { self.scalars = scalars }

    private func wrong(_ expected: String) -> Fault { Fault(reason: "line \(wordLine): \(word.found) found, expected \(expected)") }

    // MARK: What a label map is

    private mutating func file() throws(Fault) {
        try advance()
        while word != .end {
            guard word == .name("item") else { throw wrong("item { id: 1 name: 'Mass' }") }
            try advance()
            try message(["name", "id", "display_name", "keypoints", "ancestor_ids", "descendant_ids", "frequency", "instance_count"])
        }
    }

    private mutating func message(_ fields: [String]) throws(Fault) {
        if word == .mark(":") { try advance() }
        guard word == .mark("{") || word == .mark("<") else { throw wrong("{") }
        let close = Word.mark(word == .mark("{") ? "}" : ">")
        try advance()
        while word != close {
            guard word != .end else { throw wrong("} at the end of an item") }
            guard case .name(let field) = word, fields.contains(field) else { throw wrong(fields.prefix(3).joined(separator: ", ")) }
            try advance()
            if field == "keypoints" {
                try message(["id", "label"])
            } else {
                guard word == .mark(":") else { throw wrong(": after \(field)") }
                try advance()
                try value(of: field)
            }
            if word == .mark(",") || word == .mark(";") { try advance() }
        }
        try advance()
        if word == .mark(",") || word == .mark(";") { try advance() }
    }

    private mutating func value(of field: String) throws(Fault) {
        switch field {
        case "name", "display_name", "label":
            guard word == .text else { throw wrong("a text in straight quotation marks after \(field)") }
            while word == .text { try advance() }
        case "frequency":
            guard case .name = word else { throw wrong("a word after frequency") }
            try advance()
        default:
            if word == .mark("[") {
                while word != .mark("]"), word != .end { try advance() }
                return try advance()
            }
            guard case .number(let number) = word, Int32(number) != nil else { throw wrong("a whole number after \(field)") }
            try advance()
        }
    }

    // MARK: Words

    private mutating func advance() throws(Fault) {
        while position < scalars.count, Self.blanks.contains(scalars[position]) || scalars[position] == "#" {
            if scalars[position] == "#" {
                while position < scalars.count, !scalars[position].isNewline { position += 1 }
            } else {
                if scalars[position].isNewline { line += 1 }
                position += 1
            }
        }
        wordLine = line
        guard position < scalars.count else {
            word = .end
            return
        }
        let first = scalars[position]
        if first == "'" || first == "\"" { return try quoted(first) }
        let start = position
        position += 1
        if first == "_" || (first.isASCII && first.isLetter) {
            take { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
            word = .name(String(scalars[start..<position].prefix(40)))
        } else if first == "-" || first == "+" || (first.isASCII && first.isNumber) {
            take { $0 == "." || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
            word = .number(String(scalars[start..<position].prefix(40)))
        } else {
            word = .mark(first)
        }
    }

    private mutating func take(_ belongs: (Character) -> Bool) {
        while position < scalars.count, belongs(scalars[position]) { position += 1 }
    }

    private mutating func quoted(_ mark: Character) throws(Fault) {
        position += 1
        while position < scalars.count, scalars[position] != mark {
            guard !scalars[position].isNewline else { break }
            if scalars[position] == "\\" { try escape() } else { position += 1 }
        }
        guard position < scalars.count, scalars[position] == mark else {
            throw Fault(reason: "line \(wordLine): a quotation mark that is not closed on its line")
        }
        position += 1
        word = .text
    }

    /// A backslash and what it stands before: one of C's escapes, or digits.
    private mutating func escape() throws(Fault) {
        position += 1
        guard position < scalars.count else { return }
        let next = scalars[position]
        let digits = ["x": 1, "X": 1, "u": 4, "U": 8][next]
        let isKnown =
            digits.map { count in scalars[(position + 1)...].prefix(count).count { $0.isASCII && $0.isHexDigit } == count }
            ?? ("0"..."7" ~= next || "abfnrtv?\\'\"".contains(next))
        guard isKnown else {
            throw Fault(reason: "line \(line): \\\(next.isNewline ? "" : String(next)) found in a text, expected \\\\ for a backslash")
        }
        position += 1
    }
}
