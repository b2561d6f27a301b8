import Foundation

/// Fields of a table as RFC 4180 writes them.
package enum CSVField {
    /// In quotation marks, its own doubled, where it has a comma, a quotation mark or a line break, or blanks that a reader might drop.
    package static func quoted(_ field: String) -> String {
        // By scalars: Swift takes CR LF for one character, which is neither.
        let isSpecial = field.unicodeScalars.contains { [",", "\"", "\r", "\n"].contains($0) || ($0.value > 127 && isNewline($0)) }
        guard isSpecial || field != field.trimmingCharacters(in: .whitespaces) else { return field }
        return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }

    private static func isNewline(_ scalar: Unicode.Scalar) -> Bool { CharacterSet.newlines.contains(scalar) }
}
