import Basics
import Foundation
import Yams

/// Keys and values of a YAML file, or of a part of it, as a person wrote them. What is read is checked, and every fault names its key.
public struct SettingsTable: Sendable {
    /// Where it stands, such as `destinations 2`; empty for the file.
    public let place: String
    /// What relative paths are relative to.
    public let folder: URL
    private let values: [String: SettingsValue]

    /// - Parameter folder: The file's.
    /// - Throws: `SettingsError`.
    public init(yaml: String, folder: URL) throws {
        let loaded: Any?
        do {
            loaded = try Yams.load(yaml: yaml)
        } catch let error as YamlError {
            throw SettingsError("this is not YAML: \(Self.line(error))")
        }
        try self.init(loaded ?? [String: Any](), place: "", folder: folder)
    }

    private init(_ loaded: Any, place: String, folder: URL) throws {
        guard let table = loaded as? [AnyHashable: Any] else {
            throw SettingsError((place.isEmpty ? "the file" : place) + " has to be keys and values, such as listen: 127.0.0.1:8080")
        }
        (self.place, self.folder) = (place, folder)
        var values: [String: SettingsValue] = [:]
        for (key, value) in table { values["\(key)"] = SettingsValue(value) }
        self.values = values
    }

    /// - Throws: `SettingsError` for a key that is not known, with the one that is nearest to it.
    public func check(known keys: [String]) throws {
        for key in values.keys.sorted() where !keys.contains(key) {
            let near = key.nearest(among: keys).map { "; did you mean \($0)?" } ?? "; known are \(keys.joined(separator: ", "))"
            throw SettingsError("there is no key \(name(String(key.prefix(60))))\(near)")
        }
    }

    public func has(_ key: String) -> Bool { values[key] != nil }

    /// A text; a number is one, too.
    public func text(_ key: String) throws -> String? {
        switch values[key] {
        case nil: return nil
        case .text(let text)? where !text.isEmpty: return text
        case .whole(let number)?: return String(number)
        default: throw fault(key, "a text")
        }
    }

    public func neededText(_ key: String) throws -> String {
        guard let text = try text(key) else { throw SettingsError("\(name(key)) is missing") }
        return text
    }

    public func whole(_ key: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard let value = values[key] else { return nil }
        guard case .whole(let number) = value, range.contains(number) else {
            throw fault(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    public func number(_ key: String, _ range: ClosedRange<Double>) throws -> Double? {
        let number: Double? =
            switch values[key] {
            case nil: nil
            case .whole(let number)?: Double(number)
            case .number(let number)?: number
            default: .nan
            }
        guard let number else { return nil }
        guard range.contains(number) else { throw fault(key, "a number from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    public func flag(_ key: String) throws -> Bool? {
        guard let value = values[key] else { return nil }
        guard case .flag(let flag) = value else { throw fault(key, "true or false") }
        return flag
    }

    /// A list of texts; one text is a list of one.
    public func texts(_ key: String) throws -> [String]? {
        switch values[key] {
        case nil: return nil
        case .text(let text)?: return [text]
        case .whole(let number)?: return [String(number)]
        case .list(let list)?:
            return try list.map { value in
                switch value {
                case .text(let text): text
                case .whole(let number): String(number)
                default: throw fault(key, "a list of texts")
                }
            }
        default: throw fault(key, "a list of texts")
        }
    }

    /// One of some words.
    public func word(_ key: String, _ words: [String]) throws -> String? {
        guard let word = try text(key) else { return nil }
        guard words.contains(word) else {
            throw SettingsError("\(name(key)) is one of \(words.joined(separator: ", "))" + Self.near(word, words))
        }
        return word
    }

    /// Some of some words.
    public func words(_ key: String, _ words: [String]) throws -> [String]? {
        guard let chosen = try texts(key) else { return nil }
        for word in chosen where !words.contains(word) {
            throw SettingsError("\(name(key)) has words of \(words.joined(separator: ", "))" + Self.near(word, words))
        }
        return chosen
    }

    /// A path, relative to the file's folder.
    public func path(_ key: String) throws -> URL? {
        try text(key).map { URL(fileURLWithPath: $0, relativeTo: URL(fileURLWithPath: folder.path, isDirectory: true)).absoluteURL }
    }

    public func table(_ key: String) throws -> SettingsTable? {
        guard let value = values[key] else { return nil }
        guard case .table(let table) = value else { throw fault(key, "keys and values of its own") }
        return SettingsTable(place: name(key), folder: folder, values: table)
    }

    /// A list of tables; a single one is a list of one.
    public func tables(_ key: String) throws -> [SettingsTable]? {
        switch values[key] {
        case nil: return nil
        case .table(let table)?: return [SettingsTable(place: name(key), folder: folder, values: table)]
        case .list(let list)?:
            return try list.enumerated().map { index, value in
                guard case .table(let table) = value else { throw fault(key, "a list whose entries have keys and values") }
                return SettingsTable(place: "\(name(key)) \(index + 1)", folder: folder, values: table)
            }
        default: throw fault(key, "a list whose entries have keys and values")
        }
    }

    /// Keys and texts, whatever the keys are.
    public func textsByKey(_ key: String) throws -> [String: String]? {
        guard let table = try table(key) else { return nil }
        return try Dictionary(uniqueKeysWithValues: table.values.keys.map { ($0, try table.neededText($0)) })
    }

    public func fault(_ key: String, _ wanted: String) -> SettingsError { SettingsError("\(name(key)) has to be \(wanted)") }

    private func name(_ key: String) -> String { place.isEmpty ? key : "\(place): \(key)" }

    private init(place: String, folder: URL, values: [String: SettingsValue]) {
        (self.place, self.folder, self.values) = (place, folder, values)
    }

    private static func near(_ word: String, _ words: [String]) -> String {
        word.nearest(among: words).map { "; did you mean \($0)?" } ?? ""
    }

    private static func line(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "\(problem), line \(mark.line)"
        default: "it cannot be parsed"
        }
    }
}

/// A value as YAML has it.
private indirect enum SettingsValue: Sendable {
    case text(String)
    case whole(Int)
    case number(Double)
    case flag(Bool)
    case list([SettingsValue])
    case table([String: SettingsValue])
    /// Nothing, a date or another thing that no setting is.
    case other

    init(_ value: Any) {
        switch value {
        case let flag as Bool: self = .flag(flag)
        case let number as Int: self = .whole(number)
        case let number as Double: self = .number(number)
        case let text as String: self = .text(text)
        case let list as [Any]: self = .list(list.map(SettingsValue.init))
        case let table as [AnyHashable: Any]:
            self = .table(Dictionary(table.map { ("\($0.key)", SettingsValue($0.value)) }, uniquingKeysWith: { first, _ in first }))
        default: self = .other
        }
    }
}
