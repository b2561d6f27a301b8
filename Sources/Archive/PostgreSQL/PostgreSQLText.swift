import Foundation

/// Texts and statements as PostgreSQL has them.
enum PostgreSQLText {
    /// A text of PostgreSQL holds no zero: U+0000 is written as U+F8FE 0, and U+F8FE, of the private use area, as U+F8FE 1.
    static func stored(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 == "\0" || $0 == mark }) else { return text }
        var stored = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\0": stored.append(contentsOf: [mark, "0"])
            case mark: stored.append(contentsOf: [mark, "1"])
            default: stored.append(scalar)
            }
        }
        return String(stored)
    }

    static func told(_ stored: String) -> String {
        guard stored.unicodeScalars.contains(mark) else { return stored }
        var (text, isMarked) = (String.UnicodeScalarView(), false)
        for scalar in stored.unicodeScalars {
            if isMarked {
                text.append(scalar == "0" ? "\0" : mark)
                isMarked = false
            } else if scalar == mark {
                isMarked = true
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }

    private static let mark: Unicode.Scalar = "\u{F8FE}"

    /// `\x48…`, bytea's form.
    static func bytes(ofHexadecimal text: String) -> Data {
        func digit(_ character: UInt8) -> UInt8 { character < 58 ? character &- 48 : character &- 87 }
        let digits = Array(text.utf8.dropFirst(2))
        return Data(stride(from: 0, to: digits.count - 1, by: 2).map { digit(digits[$0]) << 4 | digit(digits[$0 + 1]) })
    }

    /// A statement of ours in PostgreSQL's words: question marks are numbered, a comparison with what may be NULL is spelled out, and `user`, a word of its
    /// own there, is quoted. What stands between quotes stays.
    static func statement(_ sql: String) -> String {
        var (text, count, isQuoted) = ("", 0, false)
        for character in sql {
            if character == "'" { isQuoted.toggle() }
            if character == "?", !isQuoted {
                count += 1
                text += "$\(count)"
            } else {
                text.append(character)
            }
        }
        return text.replacing(#/\bIS NOT (?=\$|\()/#, with: "IS DISTINCT FROM ").replacing(#/\bIS (?=\$)/#, with: "IS NOT DISTINCT FROM ")
            .replacing(#/(?<quote>["'\w.])?\buser\b(?!')/#) { match in match.output.quote == nil ? "\"user\"" : String(match.output.0) }
    }
}
