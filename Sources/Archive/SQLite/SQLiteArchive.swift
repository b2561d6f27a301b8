import Basics
import Foundation
import GRDB

/// The archive in one SQLite file, `FOLDER/pleura.sqlite`, with the bytes beside it.
///
/// One writer and several readers work at the same time (write-ahead log). Other programs may have the same folder open; that only one server does, is
/// for `ArchiveLock` to see to. Every commit is synchronised with the disk before it is acknowledged. What several tasks want to write at the same
/// time shares a commit (`GroupCommit`).
public final class SQLiteArchive: Archive {
    public let content: ContentStore
    private let pool: DatabasePool
    private let writer: GroupCommit
    private let failures: DatabaseFailures

    /// Opens the archive of a folder, and makes it where there is none.
    /// - Throws: `ArchiveError` of code `cannotOpen` where the folder cannot be used or a newer Pleura made it, or `noSpace`.
    public convenience init(folder: URL) throws { try self.init(folder: folder, pageLimit: nil) }

    /// - Parameter pageLimit: How many pages of 4,096 bytes the file may have, so that a test can fill the disk.
    package init(folder: URL, pageLimit: Int?) throws {
        content = try ContentStore(folder: folder)
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

    /// One transaction that sees one state of the archive.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw failures.explained(error, otherwise: .cannotRead)
        }
    }

    /// Work on the whole file, which no transaction stands around.
    func readWithoutTransaction<Value: Sendable>(_ body: @escaping @Sendable (DatabasePool) throws -> Value) async throws -> Value {
        do {
            // It may take seconds: not on a thread that others wait for.
            return try await withCheckedThrowingContinuation { [pool] continuation in
                DispatchQueue.global().async { continuation.resume(with: Result { try body(pool) }) }
            }
        } catch {
            throw failures.explained(error, otherwise: .cannotWrite)
        }
    }

    /// One transaction, on the disk when it returns. It is carried through even if the task that asks for it is cancelled.
    /// - Parameter body: May be run twice: what it did the first time is then undone before.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await writer.write(body)
    }

    /// Whether each commit is synchronised with the disk: no other test can tell.
    package var synchronisesCommits: Bool {
        get async throws {
            try await write { db in try db.firstRow("PRAGMA synchronous")?.integer("synchronous") == 2 }
        }
    }
}
