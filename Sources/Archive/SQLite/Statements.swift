import Foundation
import GRDB

/// What a statement's question marks stand for.
typealias Arguments = [(any DatabaseValueConvertible)?]

/// Statements that are prepared once a connection.
extension Database {
    func run(_ sql: String, _ arguments: Arguments = []) throws {
        try cachedStatement(sql: sql).execute(arguments: bound(arguments))
    }

    func firstRow(_ sql: String, _ arguments: Arguments = []) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: bound(arguments))
    }

    func allRows(_ sql: String, _ arguments: Arguments = []) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: bound(arguments))
    }

    /// Each row made a value, one at a time: rows are not kept.
    func values<Value>(_ sql: String, _ arguments: Arguments = [], _ value: (Row) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: bound(arguments))
        while let row = try rows.next() { values.append(try value(row)) }
        return values
    }

    /// Texts that hold a zero are bound as bytes: as a text it would end there.
    private func bound(_ arguments: Arguments) -> StatementArguments {
        StatementArguments(
            arguments.map { argument in
                if let text = argument as? String, text.utf8.contains(0) { Data(text.utf8) } else { argument }
            })
    }
}

/// Columns by name. Whatever the file holds, reading ends with a value or an error.
extension Row {
    func text(_ column: String) -> String? {
        let value: DatabaseValue = self[column]
        switch value.storage {
        case .string(let text): return text
        case .blob(let bytes): return String(decoding: bytes, as: UTF8.self)
        default: return nil
        }
    }

    func integer(_ column: String) -> Int64? {
        let value: DatabaseValue = self[column]
        if case .int64(let number) = value.storage { return number }
        return nil
    }

    func real(_ column: String) -> Double? {
        let value: DatabaseValue = self[column]
        switch value.storage {
        case .double(let number): return number
        case .int64(let number): return Double(number)
        default: return nil
        }
    }

    func bytes(_ column: String) -> Data? {
        let value: DatabaseValue = self[column]
        switch value.storage {
        case .blob(let bytes): return bytes
        case .string(let text): return Data(text.utf8)
        default: return nil
        }
    }

    func date(_ column: String) -> Date? { integer(column).map { Date(milliseconds: $0) } }

    /// One of an enumeration's words.
    func word<Word: RawRepresentable<String>>(_ column: String, _: Word.Type = Word.self) throws -> Word {
        try needed(text(column).flatMap(Word.init))
    }

    /// - Throws: `ArchiveError` where a value is missing or of the wrong kind.
    func needed<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw ArchiveError(.cannotRead, "the database holds what this Pleura cannot read") }
        return value
    }
}

extension Date {
    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1_000) }

    /// Since 1970. Times beyond the ten thousand years around it are its ends.
    var milliseconds: Int64 {
        let number = (timeIntervalSince1970 * 1_000).rounded()
        return number.isNaN ? 0 : Int64(min(max(number, -3e14), 3e14))
    }
}

/// JSON in columns.
enum StoredJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ text: String, _: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    /// An empty one is met most often, and needs no decoder.
    static func list<Value: Decodable>(_ text: String, of _: Value.Type = Value.self) throws -> [Value] {
        text == "[]" ? [] : try value(text)
    }
}
