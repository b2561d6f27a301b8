import Foundation
import GRDB

/// A connection of GRDB. Statements are prepared once.
final class SQLiteConnection: SQLConnection {
    let dialect = SQLDialect.sqlite
    private let db: GRDB.Database

    init(_ db: GRDB.Database) { self.db = db }

    var changesCount: Int { db.changesCount }

    func run(_ sql: String, _ arguments: Arguments) throws { try db.cachedStatement(sql: sql).execute(arguments: Self.bound(arguments)) }

    func values<Value>(_ sql: String, _ arguments: Arguments, _ value: (any SQLRow) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        let rows = try GRDB.Row.fetchCursor(db.cachedStatement(sql: sql), arguments: Self.bound(arguments))
        while let row = try rows.next() { values.append(try value(SQLiteRow(row: row))) }
        return values
    }

    func allRows(_ sql: String, _ arguments: Arguments) throws -> [any SQLRow] {
        try GRDB.Row.fetchAll(db.cachedStatement(sql: sql), arguments: Self.bound(arguments)).map { SQLiteRow(row: $0) }
    }

    func firstRow(_ sql: String, _ arguments: Arguments) throws -> (any SQLRow)? {
        try GRDB.Row.fetchOne(db.cachedStatement(sql: sql), arguments: Self.bound(arguments)).map { SQLiteRow(row: $0) }
    }

    func tokens(of texts: [String]) throws -> [String] {
        let tokenizer = try db.makeTokenizer(.unicode61(diacritics: .remove))
        return try texts.flatMap { try tokenizer.tokenize(document: $0).map(\.token) }
    }

    /// Words as SQLite takes them, without any database.
    static func tokens(of texts: [String]) throws -> [String] { try tokenizing.get().read { try SQLiteConnection($0).tokens(of: texts) } }

    private static let tokenizing = Result { try DatabaseQueue() }

    /// Texts that hold a zero are bound as bytes: as a text it would end there.
    private static func bound(_ arguments: Arguments) -> StatementArguments {
        StatementArguments(
            arguments.map { argument -> (any DatabaseValueConvertible)? in
                switch argument?.sqlCell {
                case nil, .null?: nil
                case .integer(let number)?: number
                case .real(let number)?: number
                case .text(let text)?: text.utf8.contains(0) ? Data(text.utf8) : text
                case .bytes(let bytes)?: bytes
                }
            })
    }
}

/// A row of GRDB.
struct SQLiteRow: SQLRow {
    let row: GRDB.Row

    func cell(_ column: String) -> SQLCell {
        guard let value = row[column] as DatabaseValue? else { return .null }
        return switch value.storage {
        case .null: .null
        case .int64(let number): .integer(number)
        case .double(let number): .real(number)
        case .string(let text): .text(text)
        case .blob(let bytes): .bytes(bytes)
        }
    }
}
