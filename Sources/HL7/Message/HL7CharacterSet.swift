import Basics

/// How the text of a message is encoded (HL7 table 0211).
public struct HL7CharacterSet: Hashable, Sendable {
    /// As MSH-18 says it; repetitions are parted by `~`.
    public let name: String
    let kind: Kind

    enum Kind: Hashable, Sendable {
        case ascii, utf8, latin1
        /// By the name that iconv knows.
        case other(String)
    }

    public static let ascii = HL7CharacterSet(name: "ASCII", kind: .ascii)
    public static let utf8 = HL7CharacterSet(name: "UNICODE UTF-8", kind: .utf8)
    public static let latin1 = HL7CharacterSet(name: "8859/1", kind: .latin1)

    private init(name: String, kind: Kind) { (self.name, self.kind) = (name, kind) }

    /// A set by its name in table 0211, or one of the usual other spellings.
    /// - Throws: `HL7Error` of code `unknownCharacterSet`.
    public init(_ name: String) throws {
        guard let kind = Self.kind(of: name) else {
            // The name is one of a table, but a broken message may have anything in its place: it is not repeated.
            throw HL7Error(
                .unknownCharacterSet, "the character set is none of HL7's table 0211", at: HL7Location(segment: "MSH", field: 18))
        }
        self.init(name: name, kind: kind)
    }

    /// MSH-18 with its repetitions: the first is the message's own, those after it are switched to by the escape sequences of ISO 2022.
    /// - Throws: `HL7Error` of code `unknownCharacterSet`.
    init(repetitions: [String]) throws {
        let names = repetitions.map { $0.trimmed }
        guard names.dropFirst().contains(where: { !$0.isEmpty }) else {
            self = try HL7CharacterSet(names.first ?? "")
            return
        }
        let kinds = try names.filter { !$0.isEmpty }.map { try HL7CharacterSet($0).kind }
        let name = names.joined(separator: "~")
        // The Japanese sets are all in one encoding of iconv, which begins in ASCII.
        if kinds.contains(.other(Self.japanese)) || kinds.contains(.other(Self.japanese2)) {
            self.init(name: name, kind: .other(kinds.contains(.other(Self.japanese2)) ? Self.japanese2 : Self.japanese))
        } else if kinds.contains(.other("EUC-KR")) {
            self.init(name: name, kind: .other("ISO-2022-KR"))
        } else {
            self.init(name: name, kind: kinds.first ?? .ascii)
        }
    }

    private static let japanese = "ISO-2022-JP-3"
    private static let japanese2 = "ISO-2022-JP-2"

    /// Names without blanks, hyphens, strokes and case.
    private static let kinds: [String: Kind] = {
        var kinds: [String: Kind] = [
            "ascii": .ascii, "usascii": .ascii, "isoir6": .ascii, "iso646": .ascii, "ansix3.41986": .ascii,
            "unicodeutf8": .utf8, "utf8": .utf8, "unicode": .utf8, "isoir192": .utf8,
            "unicodeutf16": .other("UTF-16"), "utf16": .other("UTF-16"), "unicodeutf32": .other("UTF-32"), "utf32": .other("UTF-32"),
            "isoir13": .other(japanese), "isoir14": .other(japanese), "isoir87": .other(japanese), "isoir159": .other(japanese2),
            "iso2022jp": .other(japanese), "shiftjis": .other("CP932"), "sjis": .other("CP932"), "cp932": .other("CP932"),
            "windows31j": .other("CP932"), "eucjp": .other("EUC-JP"),
            "gb180302000": .other("GB18030"), "gb18030": .other("GB18030"), "gbk": .other("GBK"), "gb2312": .other("GB18030"),
            "big5": .other("BIG5"), "ksx1001": .other("EUC-KR"), "isoir149": .other("EUC-KR"), "euckr": .other("EUC-KR"),
            "cns116431992": .other("EUC-TW"), "isoir100": .latin1, "latin1": .latin1,
        ]
        for (register, part) in [(101, 2), (109, 3), (110, 4), (144, 5), (127, 6), (126, 7), (138, 8), (148, 9)] {
            kinds["isoir\(register)"] = .other("ISO-8859-\(part)")
        }
        for part in 1...16 where part != 12 {
            for prefix in ["8859", "iso8859"] { kinds["\(prefix)\(part)"] = part == 1 ? .latin1 : .other("ISO-8859-\(part)") }
        }
        for page in 1250...1258 {
            for prefix in ["windows", "cp"] { kinds["\(prefix)\(page)"] = .other("CP\(page)") }
        }
        return kinds
    }()

    /// The names that a site's file may use, for its error messages.
    static let shownNames =
        ["ASCII", "UNICODE UTF-8", "ISO IR87", "ISO IR159", "SHIFT_JIS", "EUC-JP", "GB 18030-2000", "BIG-5", "KS X 1001", "WINDOWS-1252"]
        + (1...9).map { "8859/\($0)" } + ["8859/15"]

    private static func kind(of name: String) -> Kind? {
        kinds[String(decoding: name.lowercased().utf8.filter { !" -_/".utf8.contains($0) }, as: UTF8.self)]
    }

    /// Whether ASCII is more than a byte a character in it.
    var isWide: Bool { kind == .other("UTF-16") || kind == .other("UTF-32") }

    /// Whether a character may be of several bytes of which one looks like ASCII.
    var mayHideDelimiters: Bool {
        guard case .other(let encoding) = kind else { return false }
        return !isWide && !encoding.hasPrefix("ISO-8859") && !encoding.hasPrefix("CP125") && !encoding.hasPrefix("EUC")
    }

    // MARK: Conversion

    /// The text in UTF-8.
    /// - Returns: `nil` where it is not in this set.
    func utf8(_ bytes: [UInt8], _ badCharacters: HL7Reading.BadCharacters) -> [UInt8]? {
        let isLenient = badCharacters == .replace
        switch kind {
        case .ascii:
            if bytes.isASCII { return bytes }
            return isLenient ? bytes.flatMap { $0 < 0x80 ? [$0] : [0xEF, 0xBF, 0xBD] } : nil
        case .utf8:
            if bytes.isASCII { return bytes }
            if String(validating: bytes, as: UTF8.self) != nil { return bytes }
            return isLenient ? Array(String(decoding: bytes, as: UTF8.self).utf8) : nil
        case .latin1:
            if bytes.isASCII { return bytes }
            var text: [UInt8] = []
            text.reserveCapacity(bytes.count + bytes.count / 8)
            for byte in bytes {
                if byte < 0x80 {
                    text.append(byte)
                } else {
                    text.append(0xC0 | byte >> 6)
                    text.append(0x80 | byte & 0x3F)
                }
            }
            return text
        case .other(let encoding):
            // The escape sequences of ISO 2022 end with their segment, even where a sender forgot to switch back.
            guard encoding.hasPrefix("ISO-2022") else {
                if bytes.isASCII, !isWide { return bytes }
                return IconvConversion.convert(bytes, from: encoding, to: "UTF-8", isLenient: isLenient)
            }
            if !bytes.contains(0x1B) {
                if bytes.isASCII { return bytes }
                // JIS X 0201 without escape sequences has its katakana in the upper half, as Shift JIS has them.
                let whole = encoding == "ISO-2022-KR" ? "EUC-KR" : "CP932"
                return IconvConversion.convert(bytes, from: whole, to: "UTF-8", isLenient: isLenient)
            }
            var text: [UInt8] = []
            for line in bytes.split(separator: 0x0D, omittingEmptySubsequences: false) {
                // This encoding of Korean wants its designation at the beginning of the text, where HL7 has MSH.
                let prefix: [UInt8] = encoding == "ISO-2022-KR" ? [0x1B, 0x24, 0x29, 0x43] : []
                let stripped =
                    encoding == "ISO-2022-KR"
                    ? Self.replacing([0x1B, 0x24, 0x29, 0x43], in: line, with: [])
                    // JIS X 0201's Latin letters are ASCII but for \ and ~, which are delimiters here: senders switch back to it as to
                    // ASCII.
                    : Self.replacing([0x1B, 0x28, 0x4A], in: line, with: [0x1B, 0x28, 0x42])
                guard let part = IconvConversion.convert(prefix + stripped, from: encoding, to: "UTF-8", isLenient: isLenient) else {
                    return nil
                }
                if !text.isEmpty || line.startIndex > 0 { text.append(0x0D) }
                text += part
            }
            return text
        }
    }

    private static func replacing(_ sequence: [UInt8], in line: ArraySlice<UInt8>, with other: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var place = line.startIndex
        while place < line.endIndex {
            if line[place] == 0x1B, line[place...].starts(with: sequence) {
                bytes += other
                place += sequence.count
            } else {
                bytes.append(line[place])
                place += 1
            }
        }
        return bytes
    }

    /// A text in UTF-8 in this set.
    /// - Returns: `nil` where a character of it is not in the set.
    func encoded(_ text: [UInt8]) -> [UInt8]? {
        switch kind {
        case .ascii: return text.isASCII ? text : nil
        case .utf8: return text
        case .latin1:
            if text.isASCII { return text }
            var bytes: [UInt8] = []
            for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
                guard let byte = UInt8(exactly: scalar.value) else { return nil }
                bytes.append(byte)
            }
            return bytes
        case .other(let encoding): return isWide ? nil : IconvConversion.convert(text, from: "UTF-8", to: encoding)
        }
    }
}

extension Array where Element == UInt8 {
    var isASCII: Bool {
        withUnsafeBytes { raw in
            var place = 0
            while place + 8 <= raw.count {
                guard raw.loadUnaligned(fromByteOffset: place, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 else { return false }
                place += 8
            }
            return raw[place...].allSatisfy { $0 < 0x80 }
        }
    }
}

extension String {
    /// Without blanks and line ends around it.
    var trimmed: String {
        let isBlank = { (character: Character) in character.isWhitespace }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(self[first...last])
    }
}
