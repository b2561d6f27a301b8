import Foundation
import SwiftCSV

/// A CSV file (RFC 4180) read row by row. SwiftCSV parses it in pieces of about a megabyte, since it holds the text it parses and every
/// row of it: ten million rows never sit in memory together.
struct CSVFile {
    /// The file's name, for messages.
    let name: String
    let header: [String]
    private let bytes: Data

    /// - Parameter name: How messages call it; its last path component where not given.
    /// - Throws: `DatasetError` where it cannot be opened or has no header.
    init(_ url: URL, name: String? = nil) throws {
        self.name = name ?? url.lastPathComponent
        guard let bytes = try? Data(contentsOf: url, options: .mappedIfSafe) else {
            throw DatasetError(.missing, "\(self.name) cannot be opened")
        }
        self.bytes = bytes
        // A header is never long: what has no line end this far in is no table.
        guard let line = Self.pieces(bytes.prefix(1 << 16), size: 0).first(where: { _ in true }), let text = Self.text(line),
            let table = try? EnumeratedCSV(string: text, delimiter: .comma, loadColumns: false), !table.header.isEmpty
        else { throw DatasetError(.malformed, "\(self.name) cannot be read as CSV") }
        header = table.header.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// For messages: the file and the row, counted from 1 with the header.
    func place(_ row: Int) -> String { "\(name), row \(row)" }

    /// - Throws: `DatasetError` where no column has this name.
    func column(_ title: String) throws -> Int {
        guard let column = header.firstIndex(of: title) else { throw DatasetError(.malformed, "\(name) has no column \"\(title)\"") }
        return column
    }

    /// Calls `body` with every row below the header that is not blank: its fields, no fewer than the header's, without blanks around
    /// them, and its number from 1 with the header.
    /// - Throws: `DatasetError` naming the first row that is not CSV; what `body` throws.
    func forEachRow(_ body: (_ fields: [String], _ row: Int) throws -> Void) throws {
        let names = header.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }.joined(separator: ",")
        var next = 1
        for piece in Self.pieces(bytes, size: 1 << 20) {
            guard let text = Self.text(piece) else { throw DatasetError(.malformed, "\(place(next)) or below: not UTF-8 text") }
            // The first piece has the header; the others get it, for SwiftCSV takes a first row away.
            let isFirst = next == 1
            guard let table = try? EnumeratedCSV(string: isFirst ? text : names + "\n" + text, delimiter: .comma, loadColumns: false)
            else { throw DatasetError(.malformed, "\(place(next)) or below: a quotation mark where none can be") }
            if isFirst { next += 1 }
            for fields in table.rows {
                let row = next
                next += 1
                let fields = fields.map { $0.trimmingCharacters(in: .whitespaces) }
                guard fields.contains(where: { !$0.isEmpty }) else { continue }
                try body(fields, row)
            }
        }
    }

    /// The bytes in pieces that end with a row, each of `size` bytes or the little more that its last row needs.
    private static func pieces(_ bytes: Data, size: Int) -> UnfoldSequence<Data, Int> {
        sequence(state: bytes.startIndex) { start in
            guard start < bytes.endIndex else { return nil }
            var isQuoted = false
            var end = start
            bytes[start...].withUnsafeBytes { (raw: UnsafeRawBufferPointer) in
                var index = 0
                while index < raw.count {
                    let byte = raw[index]
                    index += 1
                    if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                    if byte == UInt8(ascii: "\n"), !isQuoted, index >= size { break }
                }
                end = start + index
            }
            defer { start = end }
            return bytes[start..<end]
        }
    }

    /// SwiftCSV knows one line end a text; Windows' and the old Macintosh's are made the usual one.
    private static func text(_ bytes: Data) -> String? {
        guard let text = String(data: bytes, encoding: .utf8) else { return nil }
        guard bytes.contains(UInt8(ascii: "\r")) else { return text }
        return text.replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(of: "\r", with: "\n")
    }

    /// A finite number, or `nil` for anything else.
    static func number(_ field: String) -> Double? { Double(field).flatMap { $0.isFinite ? $0 : nil } }

    /// A field as it is written: in quotation marks where it needs them.
    static func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) || field != field.trimmingCharacters(in: .whitespaces)
        else { return field }
        return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
