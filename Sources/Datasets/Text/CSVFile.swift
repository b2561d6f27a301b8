import Basics
import Findings
import Foundation

/// A CSV file (RFC 4180) read row by row, so that ten million rows never sit in memory together. SwiftCSV parses what needs parsing:
/// rows with quotation marks or characters beyond ASCII. A row of plain ASCII is split at its separators, which gives the same fields
/// ten times as fast.
///
/// Fields are parted by what parts the header: commas, semicolons, tabs or bars. Where it is not commas, a number may have a decimal
/// comma, as spreadsheets of half of Europe write it. A first line `sep=;`, as Excel writes it, says the separator and is no row.
package struct CSVFile {
    /// The file's name, for messages.
    package let name: String
    /// Without blanks around the titles.
    package let header: [String]
    /// What is told of the file: that it was read as another encoding than UTF-8.
    package var note: String? {
        bytes.withUnsafeBytes { TextDecoding.isWindows1252($0) } ? "\(name) is not UTF-8: it was read as Windows-1252 (Latin-1)" : nil
    }
    private let bytes: Data
    private let separator: UInt8
    /// True where the first line only says the separator.
    private let hasSeparatorLine: Bool

    /// A row below the header.
    package enum Record: Hashable, Sendable {
        /// Without blanks around them.
        case fields([String])
        /// Why it is not CSV; the rows below it are read on.
        case fault(String)
    }

    /// - Parameter name: How messages call it; its last path component where not given.
    /// - Throws: `DatasetError` where it cannot be opened or has no header.
    package init(_ url: URL, name: String? = nil) throws {
        self.name = name ?? url.lastPathComponent
        guard var bytes = try? Data(contentsOf: url, options: .mappedIfSafe) else {
            throw DatasetError(.missing, "\(self.name) cannot be opened")
        }
        guard !bytes.isEmpty else { throw DatasetError(.malformed, "\(self.name) is empty") }
        if TextDecoding.isWide(bytes) {
            guard let text = TextDecoding.utf8(bytes) else {
                throw DatasetError(.malformed, "\(self.name) is UTF-16 or UTF-32 text that is damaged")
            }
            bytes = text
        }
        self.bytes = bytes
        // A header is never long: what has no line end this far in is no table.
        let head = bytes.prefix(1 << 16)
        let said = CSVRecords.separatorLine(head)
        hasSeparatorLine = said != nil
        separator = said ?? CSVRecords.separator(ofHeaderIn: head)
        let first = head.withUnsafeBytes { [separator, hasSeparatorLine] in
            var records = CSVRecords($0, separator: separator)
            if hasSeparatorLine { _ = records.next() }
            return records.next()
        }
        guard case .fields(let header)? = first, header.contains(where: { !$0.isEmpty }) else {
            throw DatasetError(.malformed, "\(self.name) cannot be read as CSV")
        }
        self.header = header
    }

    /// For messages: the file and the row, counted from 1 with the header.
    package func place(_ row: Int) -> String { "\(name), row \(row)" }

    /// - Throws: `DatasetError` where no column has this name.
    package func column(_ title: String) throws -> Int {
        guard let column = header.firstIndex(of: title) else { throw DatasetError(.malformed, "\(name) has no column \"\(title)\"") }
        return column
    }

    /// Calls `body` with every row below the header that is not blank: its fields without blanks around them, and its number from 1
    /// with the header.
    /// - Throws: `DatasetError` naming the first row that is not CSV; what `body` throws.
    package func forEachRow(_ body: (_ fields: [String], _ row: Int) throws -> Void) throws {
        try forEachRecord { record, row in
            switch record {
            case .fields(let fields): try body(fields, row)
            case .fault(let fault): throw DatasetError(.malformed, "\(place(row)): \(fault)")
            }
        }
    }

    /// The same with the rows that are not CSV.
    package func forEachRecord(_ body: (_ record: Record, _ row: Int) throws -> Void) rethrows {
        try forEachRecord { record, row, _ in try body(record, row) }
    }

    /// The same with a way to guess at the fields of a row that is not CSV, as far as they can be told apart.
    package func forEachRecord(_ body: (_ record: Record, _ row: Int, _ guess: () -> [String]) throws -> Void) rethrows {
        try bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) in
            var records = CSVRecords(raw, separator: separator)
            var row = 1
            if hasSeparatorLine {
                _ = records.next()
                row += 1
            }
            _ = records.next()
            while let record = records.next() {
                row += 1
                if case .fields(let fields) = record, !fields.contains(where: { !$0.isEmpty }) { continue }
                try body(record, row) { records.guess() }
            }
        }
    }

    /// Columns that have nothing but numbers, as far as the first rows show.
    package var numericColumns: Set<Int> {
        var textual: Set<Int> = []
        var rows = 0
        forEachRecord { record, _ in
            guard rows < 10_000, case .fields(let fields) = record else { return }
            rows += 1
            for (column, field) in fields.enumerated() where !field.isEmpty && number(field) == nil { textual.insert(column) }
        }
        return rows == 0 ? [] : Set(header.indices).subtracting(textual)
    }

    /// A finite number, or `nil` for anything else; with a decimal comma where fields are not parted by commas.
    package func number(_ field: String) -> Double? {
        if let number = Self.number(field) { return number }
        guard separator != UInt8(ascii: ","), field.utf8.count(where: { $0 == UInt8(ascii: ",") }) == 1, !field.contains(".") else {
            return nil
        }
        return Self.number(field.replacingOccurrences(of: ",", with: "."))
    }

    /// What parts the fields, in words, for messages.
    package var separatorName: String {
        switch separator {
        case UInt8(ascii: ";"): "semicolons"
        case UInt8(ascii: "\t"): "tabs"
        case UInt8(ascii: "|"): "bars"
        default: "commas"
        }
    }

    /// A finite number, or `nil` for anything else.
    package static func number(_ field: String) -> Double? { Double(field).flatMap { $0.isFinite ? $0 : nil } }
}
