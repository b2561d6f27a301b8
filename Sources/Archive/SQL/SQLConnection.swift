import Foundation

/// What a statement's question marks stand for: texts, whole numbers, real numbers, bytes.
protocol SQLValue: Sendable {
    var sqlCell: SQLCell { get }
}

/// What stands in a column of a row.
enum SQLCell: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes(Data)
}

extension String: SQLValue { var sqlCell: SQLCell { .text(self) } }
extension Int: SQLValue { var sqlCell: SQLCell { .integer(Int64(self)) } }
extension Int64: SQLValue { var sqlCell: SQLCell { .integer(self) } }
extension Double: SQLValue { var sqlCell: SQLCell { .real(self) } }
extension Data: SQLValue { var sqlCell: SQLCell { .bytes(self) } }

typealias Arguments = [(any SQLValue)?]
/// A connection within a transaction.
typealias Database = any SQLConnection
typealias Row = any SQLRow

/// A connection to the store's database, within a transaction, whichever engine it is. Statements are written once, with a question mark for each argument;
/// what engines say differently is in `dialect`.
protocol SQLConnection: AnyObject {
    var dialect: SQLDialect { get }
    func run(_ sql: String, _ arguments: Arguments) throws
    /// How many rows the last statement changed.
    var changesCount: Int { get }
    /// Each row made a value, one at a time: rows are not kept.
    func values<Value>(_ sql: String, _ arguments: Arguments, _ value: (Row) throws -> Value) throws -> [Value]
    func allRows(_ sql: String, _ arguments: Arguments) throws -> [Row]
    func firstRow(_ sql: String, _ arguments: Arguments) throws -> Row?
    /// Words of texts, as SQLite's `unicode61` takes them, whichever engine it is.
    func tokens(of texts: [String]) throws -> [String]
}

extension SQLConnection {
    func run(_ sql: String) throws { try run(sql, []) }

    func values<Value>(_ sql: String, _ value: (Row) throws -> Value) throws -> [Value] { try values(sql, [], value) }

    func firstRow(_ sql: String) throws -> Row? { try firstRow(sql, []) }

    func allRows(_ sql: String) throws -> [Row] { try allRows(sql, []) }

    /// Inserts a row.
    /// - Parameter column: Of its number.
    /// - Returns: The number that it got.
    func insert(_ sql: String, _ arguments: Arguments, returning column: String) throws -> Int64 {
        guard let row = try firstRow("\(sql) RETURNING \(column)", arguments), let number = row.integer(column) else {
            throw ArchiveError(.cannotWrite, "the database gave a new row no number")
        }
        return number
    }
}

/// A row of an answer.
protocol SQLRow {
    func cell(_ column: String) -> SQLCell
}

/// Columns by name. Whatever the database holds, reading ends with a value or an error.
extension SQLRow {
    func text(_ column: String) -> String? {
        switch cell(column) {
        case .text(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    func integer(_ column: String) -> Int64? {
        if case .integer(let number) = cell(column) { number } else { nil }
    }

    func real(_ column: String) -> Double? {
        switch cell(column) {
        case .real(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }

    func bytes(_ column: String) -> Data? {
        switch cell(column) {
        case .bytes(let bytes): bytes
        case .text(let text): Data(text.utf8)
        default: nil
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
