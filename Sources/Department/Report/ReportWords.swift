import Findings
import Foundation

/// The words of a report in one language: a table. Another language is another table, and a line here.
public struct ReportWords: Sendable {
    public let language: String
    private let table: [String: String]
    private let sentences: Sentences
    /// What is told of quality and places.
    var remarks: Sentences { Sentences.of(language) }

    private init(_ language: String, _ json: some Sequence<UInt8>) {
        self.language = language
        let data = Data(json)
        table = (try? JSONDecoder().decode([String: String].self, from: data)) ?? [:]
        sentences = (try? Sentences(json: data)) ?? .english
    }

    public static let all = [
        ReportWords("en", PackageResources.report_en_json), ReportWords("de", PackageResources.report_de_json),
    ]

    /// The table of a language such as `de` or `de-AT`, or else English.
    public static func of(_ language: String) -> ReportWords {
        let wanted = language.lowercased().prefix { $0 != "-" && $0 != "_" }
        return all.first { $0.language == wanted } ?? all[0]
    }

    public var keys: Set<String> { Set(table.keys) }

    func callAsFunction(_ key: String, _ values: String...) -> String { sentences.text(of: key, values) }

    /// A finding as people call it.
    func label(_ name: String) -> String { table["label." + name] ?? name }
}

/// Words for how sure a calibrated model is, by probability.
public enum Sureness {
    /// From which probability on each word is used; the words are `sureness.0` and so on in the tables.
    public static let steps: [Double] = [0, 0.2, 0.5, 0.8]

    static func index(_ probability: Double) -> Int { max(0, (steps.lastIndex { probability >= $0 }) ?? 0) }
}
