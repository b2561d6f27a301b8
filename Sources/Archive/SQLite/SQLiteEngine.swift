import Basics
import Foundation
import GRDB

/// Transactions of SQLite: one writer, several readers.
final class SQLiteEngine: SQLEngine {
    let pool: DatabasePool
    private let writer: GroupCommit
    private let failures: DatabaseFailures

    init(folder: URL, pageLimit: Int?) throws {
        let file = folder.appendingPathComponent("pleura.sqlite")
        // SQLite gives its other files the permissions of this one.
        let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ArchiveError(.cannotOpen, "the database cannot be opened: \(Descriptor.reason(errno))") }
        close(descriptor)
        failures = DatabaseFailures(folder: folder)
        do {
            pool = try DatabasePool(path: file.path, configuration: Self.configuration(pageLimit: pageLimit))
            // A pool sets NORMAL, after `prepareDatabase`: after a power cut the last commits would be missing.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Schema.migrate(pool)
        } catch {
            throw failures.explained(error, otherwise: .cannotOpen)
        }
        writer = GroupCommit(pool, failures)
    }

    private static func configuration(pageLimit: Int?) -> Configuration {
        var configuration = Configuration()
        configuration.label = "archive"
        // Another program's commit is waited for.
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            // 4 MiB a connection; the system's own cache holds the rest of the file.
            try db.execute(sql: "PRAGMA cache_size = -4096")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
            if let pageLimit { try db.execute(sql: "PRAGMA max_page_count = \(pageLimit)") }
        }
        return configuration
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        do {
            return try await pool.read { try body(SQLiteConnection($0)) }
        } catch {
            throw failures.explained(error, otherwise: .cannotRead)
        }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        try await writer.write { try body(SQLiteConnection($0)) }
    }

    /// There is one writer.
    func claim<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value {
        try await write(body)
    }

    func notices() -> AsyncStream<ArchiveNotice>? { nil }

    /// Work on the whole file, which no transaction stands around.
    func withPool<Value: Sendable>(_ body: @escaping @Sendable (DatabasePool) throws -> Value) async throws -> Value {
        do {
            // It may take seconds: not on a thread that others wait for.
            return try await withCheckedThrowingContinuation { [pool] continuation in
                DispatchQueue.global().async { continuation.resume(with: Result { try body(pool) }) }
            }
        } catch {
            throw failures.explained(error, otherwise: .cannotWrite)
        }
    }

    func structuralFaults() async throws -> [String] {
        let faults = try await read { db in
            var faults: [String] = []
            for row in try db.allRows("PRAGMA integrity_check") {
                if let line = row.text("integrity_check"), line != "ok" { faults.append("database: \(line)") }
            }
            for row in try db.allRows("PRAGMA foreign_key_check") {
                faults.append(
                    "database: row \(row.integer("rowid") ?? 0) of \(row.text("table") ?? "?") names a \(row.text("parent") ?? "row") that is not there"
                )
            }
            return faults
        }
        return faults + (try await searchFaults())
    }

    /// FTS5 compares its index with the studies' words. That is worded as a change, though it changes nothing.
    private func searchFaults() async throws -> [String] {
        try await write { db in
            do {
                try db.run("INSERT INTO study_words (study_words, rank) VALUES ('integrity-check', 1)")
                return []
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                return ["database: the index of words does not agree with the studies"]
            }
        }
    }
}
