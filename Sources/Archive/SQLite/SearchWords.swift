import Foundation
import GRDB

/// The words that studies are found by: letters and digits between anything else, without case and accents, as SQLite's `unicode61` takes them.
enum SearchWords {
    /// More words than these narrow a search no further.
    static let limit = 64

    /// Each once, in the order in which they stand.
    static func words(of texts: [String?], _ db: Database) throws -> [String] {
        let tokenizer = try db.makeTokenizer(.unicode61(diacritics: .remove))
        var seen: Set<String> = []
        return try texts.compactMap { $0 }.flatMap {
            try tokenizer.tokenize(document: plain($0)).map(\.token.precomposedStringWithCanonicalMapping)
        }.filter {
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
        return needed.isEmpty ? nil : needed.map { "\"\($0)\" *" }.joined(separator: " AND ")
    }
}
