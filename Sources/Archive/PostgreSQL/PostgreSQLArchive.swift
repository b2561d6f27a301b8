import Basics
import Foundation

/// The archive in a database of PostgreSQL that many machines share, with the bytes in a folder that all of them see.
///
/// Any number of programs work on it at once: there is no leader. What a claim takes is locked by its row (FOR UPDATE SKIP LOCKED), so nobody waits for
/// another's, and a job that comes is told to all (LISTEN, NOTIFY).
public final class PostgreSQLArchive: SQLArchive, @unchecked Sendable {
    /// Opens the archive, and makes its tables where there are none.
    /// - Parameters:
    ///   - address: A connection string or URI of libpq. Passwords belong into a file (`passfile`) or a service file, not into it.
    ///   - folder: Of the bytes, the same for all programs.
    ///   - connections: At most, beside one that listens.
    /// - Throws: `ArchiveError` of code `cannotOpen`.
    public init(_ address: String, folder: URL, connections: Int = 8) async throws {
        let content = try ContentStore(folder: folder)
        let engine = try PostgreSQLEngine(address, connections: connections)
        do {
            try await PostgreSQLSchema.migrate(engine)
        } catch let failure as PostgreSQLFailure {
            throw failure.explained(otherwise: .cannotOpen)
        }
        super.init(content: content, engine: engine)
    }
}
