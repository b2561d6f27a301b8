import Basics
import Foundation
import Yams

/// A table of a site's file. Every error names the key, and the nearest key where it is unknown.
struct SiteTable {
    private let values: [String: Any]
    private let path: String

    /// Of a file; a site's has a hundred lines.
    private static let mostBytes = 256 << 10

    /// - Parameter yaml: The file's text.
    init(yaml: String, keys: [String]) throws {
        guard yaml.utf8.count <= Self.mostBytes else { throw HL7Error(.badSite, "the file has more than \(Self.mostBytes) bytes") }
        let loaded: Any?
        do {
            loaded = try Yams.load(yaml: yaml)
        } catch let error as YamlError {
            throw HL7Error(.badSite, "this is not YAML: \(Self.line(error))")
        }
        try self.init(loaded ?? [String: Any](), path: "", keys: keys)
    }

    private init(_ value: Any, path: String, keys: [String]?) throws {
        guard let table = value as? [String: Any] else {
            throw HL7Error(
                .badSite,
                path.isEmpty ? "the file has to be keys with values, such as version: 2.5.1" : "\(path) has to be keys with values")
        }
        (values, self.path) = (table, path)
        guard let keys else { return }
        for key in table.keys.sorted() where !keys.contains(key) {
            let near = key.nearest(among: keys).map { "; did you mean \(name($0))?" } ?? "; known are \(keys.joined(separator: ", "))"
            throw HL7Error(.badSite, "there is no key \(name(String(key.prefix(60))))\(near)")
        }
    }

    private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func table(_ key: String, keys: [String]?) throws -> SiteTable? {
        try values[key].map { try SiteTable($0, path: name(key), keys: keys) }
    }

    var keys: [String] { values.keys.sorted() }

    private func scalar(_ value: Any) -> String? {
        switch value {
        case let text as String: text
        case let number as Int: String(number)
        case let number as Double: String(number)
        case let flag as Bool: String(flag)
        default: nil
        }
    }

    func text(_ key: String) throws -> String? {
        guard let value = values[key] else { return nil }
        guard let text = scalar(value) else { throw HL7Error(.badSite, "\(name(key)) has to be a text") }
        return text
    }

    func flag(_ key: String) throws -> Bool? {
        guard let value = values[key] else { return nil }
        guard let flag = value as? Bool else { throw HL7Error(.badSite, "\(name(key)) has to be true or false") }
        return flag
    }

    /// A list, or one text.
    func texts(_ key: String) throws -> [String]? {
        guard let value = values[key] else { return nil }
        guard let texts = (value as? [Any] ?? [value]).map(scalar) as? [String] else {
            throw HL7Error(.badSite, "\(name(key)) has to be a list of texts")
        }
        return texts
    }

    func path(_ key: String) throws -> HL7Path? { try text(key).map { try Self.path($0, of: name(key)) } }
    func paths(_ key: String) throws -> [HL7Path]? { try texts(key)?.map { try Self.path($0, of: name(key)) } }

    static func path(_ text: String, of key: String) throws -> HL7Path {
        guard let path = try? HL7Path(text) else {
            throw HL7Error(.badSite, "\(key): \(text.prefix(40)) is no place in a message, such as OBR-18 or PID-3.1")
        }
        return path
    }

    func choice<Choice: CaseIterable & RawRepresentable<String>>(_ key: String, _: Choice.Type) throws -> Choice? {
        guard let text = try text(key) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue)
            let near = text.nearest(among: names).map { "; did you mean \($0)?" } ?? ""
            throw HL7Error(.badSite, "\(name(key)) is one of \(names.joined(separator: ", "))\(near)")
        }
        return choice
    }

    func characterSet(_ key: String) throws -> HL7CharacterSet? {
        guard let text = try text(key) else { return nil }
        guard let set = try? HL7CharacterSet(text), !set.name.isEmpty else {
            let names = HL7CharacterSet.shownNames
            let near = text.nearest(among: names).map { "; did you mean \($0)?" } ?? "; known are \(names.joined(separator: ", "))"
            throw HL7Error(.badSite, "\(name(key)) is no character set of HL7\(near)")
        }
        return set
    }

    private static func line(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "\(problem), line \(mark.line)"
        default: "it cannot be parsed"
        }
    }
}
