import Foundation

/// Text files as programs of all kinds write them, brought to UTF-8.
///
/// A byte order mark says UTF-8, UTF-16 or UTF-32. Without one, zeros among the first four bytes say which of the wide ones it is, since
/// every text read here begins with ASCII characters (RFC 4627, section 3). What is not UTF-8 and has no character that only UTF-8 would
/// write so is Windows-1252, which is Latin-1 and what Windows adds to it. Everything else is damaged.
package enum TextDecoding {
    /// The whole text as UTF-8 without a byte order mark; `nil` where it is none of these.
    package static func utf8(_ bytes: Data) -> Data? {
        if let wide = Wide(bytes) { return wide.text(bytes, isWhole: true).map { Data($0.utf8) } }
        let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes
        return text.withUnsafeBytes { raw in
            let survey = UTF8Survey(raw)
            if survey.firstFault == nil { return text.startIndex == 0 ? text : Data(text) }
            return isWindows1252(raw, survey) ? Data(windows1252(raw).utf8) : nil
        }
    }

    /// The whole text; `nil` where it is in none of these encodings.
    package static func text(_ bytes: Data) -> String? { utf8(bytes).map { String(decoding: $0, as: UTF8.self) } }

    /// The first bytes of a file as UTF-8, as far as they go.
    package static func head(_ bytes: Data) -> Data {
        if let wide = Wide(bytes) { return wide.text(bytes, isWhole: false).map { Data($0.utf8) } ?? bytes }
        return bytes.starts(with: mark) ? Data(bytes.dropFirst(mark.count)) : bytes
    }

    /// The line, from 1, of the first byte that is not UTF-8, for messages.
    package static func faultLine(_ bytes: Data) -> Int {
        guard Wide(bytes) == nil else { return 1 }
        return bytes.withUnsafeBytes { raw in
            raw.prefix(UTF8Survey(raw).firstFault ?? 0).count { $0 == UInt8(ascii: "\n") } + 1
        }
    }

    /// Whether these are the first bytes of UTF-16 or UTF-32.
    package static func isWide(_ head: Data) -> Bool { Wide(head) != nil }

    /// Whether a text that is not UTF-8 throughout is one of Windows-1252: nothing in it is a character of UTF-8 beyond ASCII, and every
    /// byte has a meaning there.
    package static func isWindows1252(_ raw: UnsafeRawBufferPointer) -> Bool { isWindows1252(raw, UTF8Survey(raw)) }

    private static func isWindows1252(_ raw: UnsafeRawBufferPointer, _ survey: UTF8Survey) -> Bool {
        guard survey.firstFault != nil, survey.characters == 0 else { return false }
        return raw.allSatisfy { byte in
            byte >= 0xA0 || (byte >= 0x20 && byte < 0x7F) || (0x09...0x0D).contains(byte) || (byte >= 0x80 && high[Int(byte) - 0x80] != 0)
        }
    }

    /// The text of bytes in Windows-1252.
    package static func windows1252(_ raw: UnsafeRawBufferPointer) -> String {
        var scalars = String.UnicodeScalarView()
        for byte in raw {
            let value = (0x80..<0xA0).contains(byte) ? high[Int(byte) - 0x80] : UInt16(byte)
            scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        }
        return String(scalars)
    }

    /// Windows-1252 from 0x80 to 0x9F, as WHATWG's Encoding Standard has it; 0 where Windows has no character.
    private static let high: [UInt16] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
    ]

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

/// UTF-16 or UTF-32, as the first bytes show it.
private struct Wide {
    /// Bytes a unit.
    let width: Int
    let isBigEndian: Bool
    /// Bytes of the byte order mark.
    let mark: Int

    init?(_ bytes: Data) {
        let first = [UInt8](bytes.prefix(4))
        switch first {
        case [0xFF, 0xFE, 0, 0]: (width, isBigEndian, mark) = (4, false, 4)
        case [0, 0, 0xFE, 0xFF]: (width, isBigEndian, mark) = (4, true, 4)
        case _ where first.starts(with: [0xFF, 0xFE]): (width, isBigEndian, mark) = (2, false, 2)
        case _ where first.starts(with: [0xFE, 0xFF]): (width, isBigEndian, mark) = (2, true, 2)
        default:
            switch first.map({ $0 == 0 }) {
            case [true, true, true, false]: (width, isBigEndian, mark) = (4, true, 0)
            case [false, true, true, true]: (width, isBigEndian, mark) = (4, false, 0)
            case [true, false, true, false]: (width, isBigEndian, mark) = (2, true, 0)
            case [false, true, false, true]: (width, isBigEndian, mark) = (2, false, 0)
            default: return nil
            }
        }
    }

    /// - Parameter isWhole: False for the beginning of a file, whose last character may be cut.
    func text(_ bytes: Data, isWhole: Bool) -> String? {
        let body = bytes.dropFirst(mark)
        guard !isWhole || body.count % width == 0 else { return nil }
        return body.withUnsafeBytes { raw -> String? in
            let count = raw.count / width
            if width == 2 {
                let units = (0..<count).map { index -> UInt16 in
                    let unit = raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                    return isBigEndian ? UInt16(bigEndian: unit) : UInt16(littleEndian: unit)
                }
                return isWhole ? String(validating: units, as: UTF16.self) : String(decoding: units, as: UTF16.self)
            }
            let units = (0..<count).map { index -> UInt32 in
                let unit = raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
                return isBigEndian ? UInt32(bigEndian: unit) : UInt32(littleEndian: unit)
            }
            return isWhole ? String(validating: units, as: UTF32.self) : String(decoding: units, as: UTF32.self)
        }
    }
}

/// One walk over bytes that may be UTF-8, without a copy: a table can have gigabytes.
private struct UTF8Survey {
    /// The offset of the first byte that belongs to no character.
    private(set) var firstFault: Int?
    /// Characters of more than one byte.
    private(set) var characters = 0

    init(_ raw: UnsafeRawBufferPointer) {
        var index = 0
        while index < raw.count {
            if index + 8 <= raw.count, raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
                index += 8
                continue
            }
            guard raw[index] >= 0x80 else {
                index += 1
                continue
            }
            let length = Self.length(raw, at: index)
            if length > 0 { characters += 1 } else if firstFault == nil { firstFault = index }
            index += max(1, length)
        }
    }

    /// Bytes of the character that begins here (Unicode 15, table 3-7); 0 where none does.
    private static func length(_ raw: UnsafeRawBufferPointer, at index: Int) -> Int {
        let first = raw[index]
        let (length, second): (Int, ClosedRange<UInt8>)
        switch first {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard index + length <= raw.count, second.contains(raw[index + 1]) else { return 0 }
        for offset in 2..<max(2, length) where !(0x80...0xBF).contains(raw[index + offset]) { return 0 }
        return length
    }
}
