import Foundation

/// The words that studies are found by: letters and digits between anything else, without case and accents, as SQLite's `unicode61` takes them.
enum SearchWords {
    /// More words than these narrow a search no further.
    static let limit = 64

    /// Each once, in the order in which they stand.
    static func words(of texts: [String?], _ db: Database) throws -> [String] {
        var seen: Set<String> = []
        return try db.tokens(of: texts.compactMap { $0 }.map(plain)).map(\.precomposedStringWithCanonicalMapping).filter {
            seen.insert($0).inserted
        }
    }

    /// In one form of those that look the same, and only what is a letter, a digit or a mark on one: SQLite takes characters that are newer than its
    /// table, such as pictures, for letters.
    private static func plain(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.precomposedStringWithCanonicalMapping.unicodeScalars { plain.append(isOfWord(scalar) ? scalar : " ") }
        return String(plain)
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        case .decimalNumber, .letterNumber, .otherNumber: true
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// A query of the index by which each word of a text has to be the beginning of a word; `nil` where the text has no word, and so asks for nothing.
    static func query(for text: String, _ db: Database) throws -> String? {
        let words = try words(of: [text], db)
        // What another word begins with is asked for by that one.
        let needed = words.prefix(limit).filter { word in !words.prefix(limit).contains { $0 != word && $0.hasPrefix(word) } }
        switch db.dialect {
        case .sqlite: return needed.isEmpty ? nil : needed.map { "\"\($0)\" *" }.joined(separator: " AND ")
        // Words are letters, digits and marks on them: nothing in them means anything to PostgreSQL.
        case .postgresql: return needed.isEmpty ? nil : needed.map { "'\(shortened($0))':*" }.joined(separator: " & ")
        }
    }

    /// PostgreSQL's index takes no word of more than 2,046 bytes: of a longer one the beginning is looked for.
    static func shortened(_ word: String) -> String {
        word.utf8.count <= longest ? word : String(decoding: word.utf8.prefix(longest), as: UTF8.self).replacing("\u{FFFD}", with: "")
    }

    private static let longest = 500
}
