import Foundation
import SwiftCSV

/// A CSV file as rows of columns by number, which also fits headers that do not name the columns.
struct CSVTable {
    /// The file's name, for messages.
    let name: String
    let header: [String]
    let rows: [[String]]

    /// - Throws: `DatasetError`.
    init(_ url: URL) throws {
        name = url.lastPathComponent
        guard let bytes = try? Data(contentsOf: url) else { throw DatasetError(.missing, "\(name) cannot be opened") }
        guard let text = String(data: bytes, encoding: .utf8) else { throw DatasetError(.malformed, "\(name) is not UTF-8 text") }
        // SwiftCSV knows one line end a file; Windows' are made the usual one.
        let lines = text.replacingOccurrences(of: "\r\n", with: "\n")
        guard let table = try? EnumeratedCSV(string: lines, delimiter: .comma, loadColumns: false), !table.header.isEmpty else {
            throw DatasetError(.malformed, "\(name) cannot be read as CSV")
        }
        header = table.header
        rows = table.rows
    }

    /// For messages: the file and the line, counted from 1 with the header.
    func place(_ row: Int) -> String { "\(name), row \(row + 2)" }

    /// - Throws: `DatasetError` where no column has this name.
    func column(_ title: String) throws -> Int {
        guard let column = header.firstIndex(of: title) else { throw DatasetError(.malformed, "\(name) has no column \"\(title)\"") }
        return column
    }
}
