import Foundation
import SwiftCSV

/// The rows of a CSV text, one after the other. Ends of lines are Unix's, Windows' or the old Macintosh's; a byte order mark is left
/// aside. It lives inside `withUnsafeBytes` of the text.
struct CSVRecords {
    private let raw: UnsafeRawBufferPointer
    private var position: Int
    /// Where the commas of the row are, kept for its storage.
    private var commas: [Int] = []

    /// What no row of a table is longer than, in bytes: what follows a quotation mark that is never closed.
    private static let longestRow = 1 << 20

    init(_ raw: UnsafeRawBufferPointer) {
        self.raw = raw
        position = raw.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// Where one row is in the bytes.
    private struct Extent {
        /// After its last byte, before the end of its line.
        var end: Int
        /// After the end of its line.
        var next: Int
        /// True for printable ASCII without a quotation mark.
        var isPlain: Bool
        var isClosed: Bool
    }

    mutating func next() -> CSVFile.Record? {
        guard position < raw.count else { return nil }
        let start = position
        let extent = scan(from: start)
        position = extent.next
        guard extent.isClosed else { return .fault("a quotation mark that is never closed; what is below cannot be read") }
        guard extent.end - start <= Self.longestRow else { return .fault("longer than a row can be") }
        return extent.isPlain
            ? .fields(split(from: start, to: extent.end)) : Self.parse(UnsafeRawBufferPointer(rebasing: raw[start..<extent.end]))
    }

    private enum State { case fieldStart, field, quoted, quoteInQuoted }

    /// Finds the end of a row: a line end inside quotation marks is part of a field. A quotation mark opens a field only at its start.
    private mutating func scan(from start: Int) -> Extent {
        var (state, isPlain) = (State.fieldStart, true)
        commas.removeAll(keepingCapacity: true)
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
            case UInt8(ascii: ","):
                if state == .quoted { break }
                commas.append(index)
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
        fields.reserveCapacity(commas.count + 1)
        var from = start
        for position in 0...commas.count {
            let to = position < commas.count ? commas[position] : end
            var (first, last) = (from, to)
            while first < last, raw[first] == 0x20 || raw[first] == 0x09 { first += 1 }
            while first < last, raw[last - 1] == 0x20 || raw[last - 1] == 0x09 { last -= 1 }
            fields.append(String(decoding: UnsafeRawBufferPointer(rebasing: raw[first..<last]), as: UTF8.self))
            from = to + 1
        }
        return fields
    }

    private static func parse(_ row: UnsafeRawBufferPointer) -> CSVFile.Record {
        guard var text = String(validating: row, as: UTF8.self) else { return .fault("not UTF-8 text") }
        // SwiftCSV knows one line end a text.
        if row.contains(UInt8(ascii: "\r")) {
            text = text.replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(of: "\r", with: "\n")
        }
        // SwiftCSV takes a first row away as the header and drops an empty last field, which a comma more keeps.
        guard let table = try? EnumeratedCSV(string: "-\n" + text + ",", delimiter: .comma, loadColumns: false),
            let fields = table.rows.first,
            table.rows.count == 1
        else { return .fault("a quotation mark or a line end where none can be") }
        return .fields(fields.map { $0.trimmingCharacters(in: .whitespaces) })
    }
}
