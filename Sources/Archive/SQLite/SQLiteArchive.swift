import Foundation

/// The archive in one SQLite file, `FOLDER/pleura.sqlite`, with the bytes beside it.
///
/// One writer and several readers work at the same time (write-ahead log). Other programs may have the same folder open; that only one server does, is
/// for `ArchiveLock` to see to. Every commit is synchronised with the disk before it is acknowledged. What several tasks want to write at the same
/// time shares a commit (`GroupCommit`).
public final class SQLiteArchive: SQLArchive, @unchecked Sendable {
    let sqlite: SQLiteEngine

    /// Opens the archive of a folder, and makes it where there is none.
    /// - Throws: `ArchiveError` of code `cannotOpen` where the folder cannot be used or a newer Pleura made it, or `noSpace`.
    public convenience init(folder: URL) throws { try self.init(folder: folder, pageLimit: nil) }

    /// - Parameter pageLimit: How many pages of 4,096 bytes the file may have, so that a test can fill the disk.
    package init(folder: URL, pageLimit: Int?) throws {
        let content = try ContentStore(folder: folder)
        sqlite = try SQLiteEngine(folder: folder, pageLimit: pageLimit)
        super.init(content: content, engine: sqlite)
    }

    /// Whether each commit is synchronised with the disk: no other test can tell.
    package var synchronisesCommits: Bool {
        get async throws {
            try await write { db in try db.firstRow("PRAGMA synchronous")?.integer("synchronous") == 2 }
        }
    }
}
