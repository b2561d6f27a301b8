import Foundation

/// The sentences that people read beside findings, in one language: a table by code. Another language is another table, and no change of code.
public struct Sentences: Sendable {
    private let table: [String: String]

    /// - Parameter json: An object of texts, with {1}, {2}, … where values go.
    public init(json: Data) throws { table = try JSONDecoder().decode([String: String].self, from: json) }

    private init(_ table: [String: String]) { self.table = table }

    /// The table is part of the program; a test reads it.
    public static let english = (try? Sentences(json: Data(PackageResources.sentences_en_json))) ?? Sentences([:])

    /// What a reader is told of quality and places; the rest is in English there.
    public static let german = english.overlaid(by: try? Sentences(json: Data(PackageResources.sentences_de_json)))

    /// Those of a language such as `de` or `de-AT`, or else English.
    public static func of(_ language: String) -> Sentences { language.lowercased().hasPrefix("de") ? german : english }

    private func overlaid(by other: Sentences?) -> Sentences { Sentences(table.merging(other?.table ?? [:]) { $1 }) }

    public var codes: Set<String> { Set(table.keys) }

    /// The sentence with the values in their places; the code itself where the table does not have it.
    public func text(of code: String, _ values: [String]) -> String {
        guard var rest = table[code].map({ $0[...] }) else { return ([code] + values).joined(separator: " ") }
        var text = ""
        // Not one value after another: a value may have braces of its own.
        while let place = rest.firstMatch(of: #/\{(\d)\}/#) {
            text += rest[..<place.range.lowerBound]
            if let index = Int(place.1), values.indices.contains(index - 1) { text += values[index - 1] }
            rest = rest[place.range.upperBound...]
        }
        return text + rest
    }
}
