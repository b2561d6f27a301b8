import Foundation

/// A CSV file (RFC 4180) read row by row, so that ten million rows never sit in memory together. SwiftCSV parses what needs parsing:
/// rows with quotation marks or characters beyond ASCII. A row of plain ASCII is split at its commas, which gives the same fields
/// ten times as fast.
package struct CSVFile {
    /// The file's name, for messages.
    package let name: String
    /// Without blanks around the titles.
    package let header: [String]
    private let bytes: Data

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
        guard let bytes = try? Data(contentsOf: url, options: .mappedIfSafe) else {
            throw DatasetError(.missing, "\(self.name) cannot be opened")
        }
        self.bytes = bytes
        guard !bytes.isEmpty else { throw DatasetError(.malformed, "\(self.name) is empty") }
        // A header is never long: what has no line end this far in is no table.
        let first = bytes.prefix(1 << 16).withUnsafeBytes {
            var records = CSVRecords($0)
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
        try bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) in
            var records = CSVRecords(raw)
            _ = records.next()
            var row = 1
            while let record = records.next() {
                row += 1
                if case .fields(let fields) = record, !fields.contains(where: { !$0.isEmpty }) { continue }
                try body(record, row)
            }
        }
    }

    /// A finite number, or `nil` for anything else.
    static func number(_ field: String) -> Double? { Double(field).flatMap { $0.isFinite ? $0 : nil } }

    /// A field as it is written: in quotation marks where it needs them.
    package static func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) || field != field.trimmingCharacters(in: .whitespaces)
        else { return field }
        return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
