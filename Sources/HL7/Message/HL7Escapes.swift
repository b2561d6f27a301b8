/// Escape sequences in text (HL7 2.5.1, 2.7).
enum HL7Escapes {
    /// More is taken for what a sender cannot have meant.
    private static let mostRepeats = 32

    /// The text with its escape sequences replaced. Highlighting is left out; line breaks of formatted text become line feeds. Sequences
    /// that switch character sets (`\Cxxyy\`, `\Mxxyyzz\`), those of a site (`\Z..\`) and what is no sequence at all stay as they are.
    static func text(_ bytes: ArraySlice<UInt8>, _ delimiters: HL7Delimiters, _ characterSet: HL7CharacterSet) -> String {
        guard let escape = delimiters.escape else { return String(decoding: bytes, as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var place = bytes.startIndex
        // Where a search for the end of a sequence stopped: what begins before it has none, and need not be searched again.
        var noEndBefore = bytes.startIndex
        while place < bytes.endIndex {
            let byte = bytes[place]
            guard byte == escape, place >= noEndBefore else {
                text.append(byte)
                place += 1
                continue
            }
            var end = place + 1
            while end < bytes.endIndex, bytes[end] != escape, !delimiters.contains(bytes[end]) { end += 1 }
            guard end < bytes.endIndex, bytes[end] == escape else {
                noEndBefore = end
                text.append(byte)
                place += 1
                continue
            }
            let body = bytes[(place + 1)..<end]
            if let replacement = replacement(body, delimiters, characterSet) {
                text += replacement
                place = end + 1
            } else if body.isEmpty || isSequence(body) {
                text += bytes[place...end]
                place = end + 1
            } else {
                // A lone escape character, such as that of a path on a disk: the next may begin a sequence.
                text += bytes[place..<end]
                place = end
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether it could be a sequence that is not known here: a capital letter or a full stop, then letters, digits, signs.
    private static func isSequence(_ body: ArraySlice<UInt8>) -> Bool {
        guard let first = body.first, first == 0x2E || (0x41...0x5A).contains(first) else { return false }
        return body.count <= 64
            && body.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || "+-.".utf8.contains($0) }
    }

    private static func replacement(
        _ body: ArraySlice<UInt8>, _ delimiters: HL7Delimiters, _ characterSet: HL7CharacterSet
    ) -> [UInt8]? {
        guard let first = body.first else { return nil }
        if body.count == 1 {
            switch first {
            case UInt8(ascii: "F"): return [delimiters.field]
            case UInt8(ascii: "S"): return [delimiters.component]
            case UInt8(ascii: "R"): return [delimiters.repetition]
            case UInt8(ascii: "E"): return delimiters.escape.map { [$0] }
            case UInt8(ascii: "T"): return delimiters.subcomponent.map { [$0] }
            case UInt8(ascii: "P"): return delimiters.truncation.map { [$0] }
            case UInt8(ascii: "H"), UInt8(ascii: "N"): return []
            default: return nil
            }
        }
        switch first {
        case UInt8(ascii: "X"): return hexadecimal(body.dropFirst(), characterSet)
        case UInt8(ascii: "."): return format(String(decoding: body.dropFirst(), as: UTF8.self))
        default: return nil
        }
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>, _ characterSet: HL7CharacterSet) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x41...0x46: value = digit - 0x41 + 10
            case 0x61...0x66: value = digit - 0x61 + 10
            default: return nil
            }
            if let upper = high {
                bytes.append(upper << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        // Bytes beyond ASCII are in the message's set.
        return bytes.isASCII ? bytes : characterSet.utf8(bytes, .refuse)
    }

    /// Commands of formatted text (HL7 2.5.1, 2.7.4).
    private static func format(_ command: String) -> [UInt8]? {
        let name = command.prefix(2).lowercased()
        let rest = command.dropFirst(2)
        let sign = rest.first == "+" || rest.first == "-"
        guard let number = rest.isEmpty ? 1 : Int(sign ? rest.dropFirst() : rest), (0...10_000).contains(number) else { return nil }
        let repeats = min(number, mostRepeats)
        switch name {
        case "br" where rest.isEmpty, "ce" where rest.isEmpty: return [0x0A]
        case "sp": return [UInt8](repeating: 0x0A, count: max(repeats, 1))
        case "sk": return [UInt8](repeating: 0x20, count: repeats)
        case "fi" where rest.isEmpty, "nf" where rest.isEmpty, "in", "ti": return []
        default: return nil
        }
    }

    /// A text as it is written into a message: delimiters and control characters escaped.
    static func escaped(_ text: String, _ delimiters: HL7Delimiters, into bytes: inout [UInt8]) {
        guard let escape = delimiters.escape else {
            bytes += text.utf8
            return
        }
        func append(_ letter: UInt8) { bytes += [escape, letter, escape] }
        // CR LF and CR are one line break.
        var isAfterReturn = false
        for byte in text.utf8 {
            defer { isAfterReturn = byte == 0x0D }
            switch byte {
            case delimiters.field: append(UInt8(ascii: "F"))
            case delimiters.component: append(UInt8(ascii: "S"))
            case delimiters.repetition: append(UInt8(ascii: "R"))
            case escape: append(UInt8(ascii: "E"))
            case delimiters.subcomponent: append(UInt8(ascii: "T"))
            case delimiters.truncation: append(UInt8(ascii: "P"))
            case 0x0A where isAfterReturn: break
            case 0x0A, 0x0D: bytes += [escape] + Array(".br".utf8) + [escape]
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789ABCDEF".utf8)
                bytes += [escape, UInt8(ascii: "X"), digits[Int(byte >> 4)], digits[Int(byte & 15)], escape]
            default: bytes.append(byte)
            }
        }
    }
}
