import Basics
import Foundation
import GRDB

extension SQLiteArchive {
    /// Copies the database as it is at one moment, while it is worked on: neither readers nor the writer wait (SQLite's online backup, of a snapshot of the
    /// write-ahead log). The copy is one file, on the disk when this returns.
    /// - Parameter file: Not there yet.
    /// - Throws: `ArchiveError` of code `noSpace`, `cannotWrite` or `cannotRead`.
    func copyDatabase(to file: URL) async throws {
        try await sqlite.withPool { pool in
            let copy = try DatabaseQueue(path: file.path)
            try pool.backup(to: copy)
            // A file of its own, without the log beside it.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
        }
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else {
            throw ArchiveError(.cannotWrite, "the copy of the database cannot be written to the end: \(Descriptor.reason(errno))")
        }
        close(descriptor)
    }

    /// Every file that a copied database knows, with its size: those received, and those made of readings.
    static func contents(ofDatabase file: URL) throws -> (studies: Int, files: [(digest: String, size: Int)]) {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            return try DatabaseQueue(path: file.path, configuration: configuration).read { db in
                let studies = Int(try SQLiteConnection(db).firstRow("SELECT count(*) AS studies FROM study")?.integer("studies") ?? 0)
                let files = try SQLiteConnection(db).values(
                    "SELECT digest, size FROM instance UNION SELECT digest, size FROM result_file ORDER BY digest"
                ) { row in
                    (try row.needed(row.text("digest")), Int(try row.needed(row.integer("size"))))
                }
                return (studies, files)
            }
        } catch {
            throw ArchiveError(.cannotRead, "the copy of the database cannot be read")
        }
    }
}
