import Basics
import Findings
import Foundation
import SwiftCSV

/// The rows of a CSV text, one after the other. Ends of lines are Unix's, Windows' or the old Macintosh's; a byte order mark is left
/// aside. It lives inside `withUnsafeBytes` of the text.
package struct CSVRecords {
    private let raw: UnsafeRawBufferPointer
    private let separator: UInt8
    private var position: Int
    /// Where the separators of the row are, kept for its storage.
    private var separators: [Int] = []
    /// The last row's bytes.
    private var last = 0..<0
    /// Whether a text that is not UTF-8 is Windows-1252; `nil` where no row asked yet.
    private var isWindows1252: Bool?

    /// What no row of a table is longer than, in bytes: what follows a quotation mark that is never closed.
    private static let longestRow = 1 << 20

    package init(_ raw: UnsafeRawBufferPointer, separator: UInt8 = UInt8(ascii: ",")) {
        self.raw = raw
        self.separator = separator
        position = raw.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// Where one row is in the bytes.
    private struct Extent {
        /// After its last byte, before the end of its line.
        package var end: Int
        /// After the end of its line.
        package var next: Int
        /// True for printable ASCII without a quotation mark.
        package var isPlain: Bool
        package var isClosed: Bool
    }

    package mutating func next() -> CSVFile.Record? {
        guard position < raw.count else { return nil }
        let start = position
        let extent = scan(from: start)
        position = extent.next
        last = start..<extent.end
        guard extent.isClosed else { return .fault("a quotation mark that is never closed; what is below cannot be read") }
        guard extent.end - start <= Self.longestRow else { return .fault("longer than a row can be") }
        return extent.isPlain
            ? .fields(split(from: start, to: extent.end)) : parse(UnsafeRawBufferPointer(rebasing: raw[start..<extent.end]))
    }

    /// The fields of the last row where it is not CSV, as its separators alone part them: perhaps its image can be told.
    package func guess() -> [String] {
        raw[last].prefix(1 << 12).prefix { $0 != 0x0A && $0 != 0x0D }.split(separator: separator, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
        }
    }

    // MARK: What parts the fields

    /// The separator that Excel says in a line of its own.
    package static func separatorLine(_ head: Data) -> UInt8? {
        var text = Array(head.prefix(16))
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        guard text.count > 5, text.prefix(4).map({ $0 | 0x20 }).elementsEqual("sep=".utf8.map { $0 | 0x20 }),
            text[5] == 0x0A || text[5] == 0x0D,
            candidates.contains(text[4])
        else { return nil }
        return text[4]
    }

    private static let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]

    /// Of the characters that can part fields, the one that the header has most of outside quotation marks; a comma where there is none.
    package static func separator(ofHeaderIn head: Data) -> UInt8 {
        var counts = [Int](repeating: 0, count: candidates.count)
        var isQuoted = false
        for byte in head {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if !isQuoted, byte == 0x0A || byte == 0x0D {
                break
            } else if !isQuoted, let index = candidates.firstIndex(of: byte) {
                counts[index] += 1
            }
        }
        let most = counts.max() ?? 0
        return most == 0 ? candidates[0] : zip(candidates, counts).first { $0.1 == most }?.0 ?? candidates[0]
    }

    // MARK: Rows

    private enum State { case fieldStart, field, quoted, quoteInQuoted }

    /// Finds the end of a row: a line end inside quotation marks is part of a field. A quotation mark opens a field only at its start.
    private mutating func scan(from start: Int) -> Extent {
        var (state, isPlain) = (State.fieldStart, true)
        separators.removeAll(keepingCapacity: true)
        var index = start
        while index < raw.count {
            let byte = raw[index]
            switch byte {
            case UInt8(ascii: "\""):
                isPlain = false
                switch state {
                case .fieldStart, .quoteInQuoted: state = .quoted
                case .quoted: state = .quoteInQuoted
                case .field: break
                }
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if state == .quoted { break }
                let isPair = byte == UInt8(ascii: "\r") && index + 1 < raw.count && raw[index + 1] == UInt8(ascii: "\n")
                return Extent(end: index, next: index + (isPair ? 2 : 1), isPlain: isPlain, isClosed: true)
            case separator:
                if state == .quoted { break }
                separators.append(index)
                state = .fieldStart
            case UInt8(ascii: " "), UInt8(ascii: "\t"): break
            default:
                if byte < 0x20 || byte > 0x7E { isPlain = false }
                if state == .fieldStart || state == .quoteInQuoted { state = .field }
            }
            index += 1
        }
        return Extent(end: raw.count, next: raw.count, isPlain: isPlain, isClosed: state != .quoted)
    }

    private func split(from start: Int, to end: Int) -> [String] {
        var fields: [String] = []
        fields.reserveCapacity(separators.count + 1)
        var from = start
        for position in 0...separators.count {
            let to = position < separators.count ? separators[position] : end
            var (first, last) = (from, to)
            while first < last, raw[first] == 0x20 || raw[first] == 0x09 { first += 1 }
            while first < last, raw[last - 1] == 0x20 || raw[last - 1] == 0x09 { last -= 1 }
            fields.append(String(decoding: UnsafeRawBufferPointer(rebasing: raw[first..<last]), as: UTF8.self))
            from = to + 1
        }
        return fields
    }

    private mutating func parse(_ row: UnsafeRawBufferPointer) -> CSVFile.Record {
        guard var text = text(of: row) else { return .fault("not UTF-8 text") }
        // SwiftCSV knows one line end a text.
        if row.contains(UInt8(ascii: "\r")) {
            text = text.replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(of: "\r", with: "\n")
        }
        let character = Character(Unicode.Scalar(separator))
        // SwiftCSV takes a first row away as the header and drops an empty last field, which a separator more keeps.
        guard
            let table = try? EnumeratedCSV(
                string: "-\n" + text + String(character), delimiter: CSVDelimiter(unicodeScalarLiteral: character), loadColumns: false),
            let fields = table.rows.first,
            table.rows.count == 1
        else { return .fault("a quotation mark or a line end where none can be") }
        return .fields(fields.map { $0.trimmingCharacters(in: .whitespaces) })
    }

    private mutating func text(of row: UnsafeRawBufferPointer) -> String? {
        if let text = String(validating: row, as: UTF8.self) { return text }
        if isWindows1252 == nil { isWindows1252 = TextDecoding.isWindows1252(raw) }
        return isWindows1252 == true ? TextDecoding.windows1252(row) : nil
    }
}
