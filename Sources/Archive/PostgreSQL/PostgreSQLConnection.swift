import Basics
import CPostgreSQL
import Foundation

/// One connection to PostgreSQL, for one thread at a time (libpq).
///
/// Arguments are sent beside a statement, never within it. A statement is prepared the first time.
final class PostgreSQLConnection: SQLConnection {
    let dialect = SQLDialect.postgresql
    private(set) var changesCount = 0
    private let connection: OpaquePointer
    private var prepared: [String: String] = [:]

    /// - Parameter address: A connection string or URI, as libpq takes it.
    /// - Throws: `ArchiveError` of code `cannotOpen`. The address may hold a password, and is not repeated.
    init(_ address: String) throws {
        guard let opened = PQconnectdb(address) else { throw ArchiveError(.cannotOpen, "there is no memory for a connection") }
        connection = opened
        guard PQstatus(opened) == CONNECTION_OK else {
            // What the server says names the database and the user, and neither patients nor the password.
            let said = String(cString: PQerrorMessage(opened)).split(separator: "\n").first.map(String.init) ?? "no reason is told"
            // What was opened is ended by `deinit`, as everything is initialised by now.
            throw ArchiveError(.cannotOpen, "PostgreSQL: \(said)")
        }
        // Notices of the server may hold values.
        PQsetNoticeProcessor(opened, { _, _ in }, nil)
        PQsetErrorVerbosity(opened, PQERRORS_SQLSTATE)
        try script("SET client_encoding = 'UTF8'; SET synchronous_commit = on; SET standard_conforming_strings = on")
    }

    deinit { PQfinish(connection) }

    var isOpen: Bool { PQstatus(connection) == CONNECTION_OK }
    var isInTransaction: Bool { PQtransactionStatus(connection) != PQTRANS_IDLE }
    var socket: Int32 { PQsocket(connection) }

    /// Statements without arguments.
    func script(_ sql: String) throws { try check(PQexec(connection, sql)) }

    func run(_ sql: String, _ arguments: Arguments) throws {
        let result = try execute(sql, arguments)
        defer { PQclear(result) }
        changesCount = Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    func values<Value>(_ sql: String, _ arguments: Arguments, _ value: (Row) throws -> Value) throws -> [Value] {
        let result = PostgreSQLResult(try execute(sql, arguments))
        changesCount = Int(String(cString: PQcmdTuples(result.pointer))) ?? 0
        return try (0..<PQntuples(result.pointer)).map { try value(PostgreSQLRow(result: result, index: $0)) }
    }

    func allRows(_ sql: String, _ arguments: Arguments) throws -> [Row] { try values(sql, arguments) { $0 } }

    func firstRow(_ sql: String, _ arguments: Arguments) throws -> Row? { try values(sql, arguments) { $0 }.first }

    func tokens(of texts: [String]) throws -> [String] { try SQLiteConnection.tokens(of: texts) }

    private func execute(_ sql: String, _ arguments: Arguments) throws -> OpaquePointer {
        let name = try prepare(sql)
        var (lengths, formats): ([Int32], [Int32]) = ([], [])
        // Texts end in a zero, as C has them; bytes go as they are.
        let values: [[UInt8]?] = arguments.map { argument in
            let (bytes, isBinary): ([UInt8]?, Bool) =
                switch argument?.sqlCell {
                case nil, .null?: (nil, false)
                case .integer(let number)?: (Array(String(number).utf8) + [0], false)
                case .real(let number)?: (Array(String(number).utf8) + [0], false)
                case .text(let text)?: (Array(PostgreSQLText.stored(text).utf8) + [0], false)
                case .bytes(let data)?: (Array(data), true)
                }
            lengths.append(Int32(clamping: bytes?.count ?? 0))
            formats.append(isBinary ? 1 : 0)
            return bytes
        }
        // One more, so that of no bytes at all there is a place: NULL would be something else.
        let all = values.reduce(into: [UInt8]()) { $0 += $1 ?? [] } + [0]
        let result = all.withUnsafeBufferPointer { buffer in
            var (place, pointers): (Int, [UnsafePointer<CChar>?]) = (0, [])
            for value in values {
                guard let value else {
                    pointers.append(nil)
                    continue
                }
                pointers.append(buffer.baseAddress.map { UnsafeRawPointer($0 + place).assumingMemoryBound(to: CChar.self) })
                place += value.count
            }
            return PQexecPrepared(connection, name, Int32(values.count), pointers, lengths, formats, 0)
        }
        guard let result else { throw PostgreSQLFailure(state: "", isBroken: true) }
        try check(result, keeps: true)
        return result
    }

    private func prepare(_ sql: String) throws -> String {
        if let name = prepared[sql] { return name }
        let name = "s\(prepared.count)"
        try check(PQprepare(connection, name, PostgreSQLText.statement(sql), 0, nil))
        prepared[sql] = name
        return name
    }

    private func check(_ result: OpaquePointer?, keeps: Bool = false) throws {
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else {
            // PG_DIAG_SQLSTATE
            let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
            PQclear(result)
            throw PostgreSQLFailure(state: state, isBroken: PQstatus(connection) != CONNECTION_OK)
        }
        if !keeps { PQclear(result) }
    }

    /// What other programs said since the last time (LISTEN).
    func notifications() -> [ArchiveNotice] {
        guard PQconsumeInput(connection) == 1 else { return [] }
        var told: [ArchiveNotice] = []
        while let notice = PQnotifies(connection) {
            let (channel, word) = (String(cString: notice.pointee.relname), String(cString: notice.pointee.extra))
            if channel == "pleura_job" {
                told.append(.job(kind: word))
            } else if let id = StudyID(rawValue: word) {
                told.append(.study(id))
            }
            PQfreemem(notice)
        }
        return told
    }
}

/// Why a statement failed, without the server's words, which may hold values.
struct PostgreSQLFailure: Error {
    /// SQLSTATE; empty where there is none.
    var state: String
    /// Whether the connection is gone.
    var isBroken: Bool

    /// Two transactions stood in each other's way: to be tried again.
    var isConflict: Bool { state == "40001" || state == "40P01" }

    func explained(otherwise code: ArchiveError.Code) -> ArchiveError {
        switch state {
        case _ where isBroken: ArchiveError(code, "the database server does not answer")
        case "53100": ArchiveError(.noSpace, "the disk of the database server is full")
        case "53300": ArchiveError(code, "the database server has too many connections")
        case "42501": ArchiveError(code, "the database may not be read or written by this user")
        default: ArchiveError(code, "the database refuses it (SQLSTATE \(state.isEmpty ? "unknown" : state))")
        }
    }
}

final class PostgreSQLResult {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { self.pointer = pointer }
    deinit { PQclear(pointer) }
}

/// A row of a result, in PostgreSQL's text form.
struct PostgreSQLRow: SQLRow {
    let result: PostgreSQLResult
    let index: Int32

    func cell(_ column: String) -> SQLCell {
        let place = PQfnumber(result.pointer, column)
        guard place >= 0, PQgetisnull(result.pointer, index, place) == 0, let bytes = PQgetvalue(result.pointer, index, place) else {
            return .null
        }
        let text = String(
            decoding: UnsafeRawBufferPointer(start: bytes, count: Int(PQgetlength(result.pointer, index, place))), as: UTF8.self)
        // Of pg_type.dat: bool, bytea, int8, int2, int4, float4, float8, numeric.
        switch PQftype(result.pointer, place) {
        case 16: return .integer(text == "t" ? 1 : 0)
        case 17: return .bytes(PostgreSQLText.bytes(ofHexadecimal: text))
        case 20, 21, 23: return Int64(text).map { .integer($0) } ?? .null
        case 700, 701: return Double(text).map { .real($0) } ?? .null
        case 1700: return Int64(text).map { .integer($0) } ?? Double(text).map { .real($0) } ?? .null
        default: return .text(PostgreSQLText.told(text))
        }
    }
}
