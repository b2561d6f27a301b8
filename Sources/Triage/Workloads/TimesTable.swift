import Basics
import Foundation
import SwiftCSV

/// The rows of a CSV text with a header, each with its line in the file. Commas, semicolons or tabs part the fields, whichever the header
/// has most of; any line ends, any encoding that `TextDecoding` knows.
struct TimesTable {
    struct Row {
        /// From 1, as editors count.
        var line: Int
        /// One a column; `nil` where the row is not CSV.
        var fields: [String]?
    }

    /// In lower case, a blank or `-` as `_`.
    let columns: [String]
    let rows: [Row]

    /// - Throws: `TriageError` of code `malformed`: no text, or no header.
    init(_ bytes: Data) throws(TriageError) {
        guard let decoded = TextDecoding.text(bytes) else {
            throw TriageError(.malformed, "line \(TextDecoding.faultLine(bytes)) is not text")
        }
        let text = decoded.replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(of: "\r", with: "\n")
        let records = Self.records(text)
        guard let header = records.first else { throw TriageError(.malformed, "it is empty") }
        let separator =
            [",", ";", "\t"].max { first, second in
                header.text.count { $0 == first } < header.text.count { $0 == second }
            } as Character? ?? ","
        guard let names = Self.fields(header.text, separator) else { throw TriageError(.malformed, "line 1 is not a header of CSV") }
        columns = names.map { String($0.lowercased().map { " -".contains($0) ? "_" : $0 }) }
        rows = records.dropFirst().map { Row(line: $0.line, fields: Self.fields($0.text, separator)) }
    }

    /// Lines, but a line end inside quotation marks ends none; empty ones are left out.
    private static func records(_ text: String) -> [(line: Int, text: String)] {
        var records: [(line: Int, text: String)] = []
        var (open, openLine, isQuoted) = ("", 1, false)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if isQuoted { open += "\n" + line } else { (open, openLine) = (String(line), index + 1) }
            if line.utf8.count(where: { $0 == UInt8(ascii: "\"") }) % 2 == 1 { isQuoted.toggle() }
            if !isQuoted, !open.allSatisfy(\.isWhitespace) { records.append((openLine, open)) }
        }
        if isQuoted { records.append((openLine, open)) }
        return records
    }

    private static func fields(_ row: String, _ separator: Character) -> [String]? {
        let fields: [String]
        if row.utf8.contains(UInt8(ascii: "\"")) {
            // SwiftCSV takes a first row away as the header and drops an empty last field, which a separator more keeps.
            guard
                let scalar = separator.unicodeScalars.first,
                let table = try? EnumeratedCSV(
                    string: "-\n\(row)\(separator)", delimiter: CSVDelimiter(unicodeScalarLiteral: Character(scalar)), loadColumns: false),
                let parsed = table.rows.first, table.rows.count == 1
            else { return nil }
            fields = parsed
        } else {
            fields = row.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
        }
        return fields.map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
