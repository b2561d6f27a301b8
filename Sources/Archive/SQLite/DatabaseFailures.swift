import Foundation
import GRDB

/// Makes of an error of the database one that may be shown: SQLite's own words, and GRDB's even more, may hold values and so patient data.
struct DatabaseFailures: Sendable {
    let folder: URL

    /// - Parameter code: What it is where it is nothing more special.
    func explained(_ error: any Error, otherwise code: ArchiveError.Code) -> any Error {
        switch error {
        case let error as ArchiveError: return error
        case is CancellationError: return error
        case let error as DatabaseError: return explained(error, otherwise: code)
        case is EncodingError: return ArchiveError(.cannotWrite, "it holds a number that is none")
        case is DecodingError: return ArchiveError(.cannotRead, "the database holds what this Pleura cannot read")
        default: return ArchiveError(code, "the database cannot be used")
        }
    }

    private func explained(_ error: DatabaseError, otherwise code: ArchiveError.Code) -> ArchiveError {
        switch error.resultCode {
        case .SQLITE_FULL: ArchiveError(.noSpace, "the disk is full")
        case .SQLITE_IOERR where isDiskFull: ArchiveError(.noSpace, "the disk is full")
        case .SQLITE_IOERR: ArchiveError(code, "the disk does not read or write the database (SQLite \(error.extendedResultCode.rawValue))")
        case .SQLITE_BUSY, .SQLITE_LOCKED: ArchiveError(code, "another program holds the database for too long")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            ArchiveError(code, "the database is damaged (SQLite \(error.extendedResultCode.rawValue)); `pleura archive check` says more")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: ArchiveError(code, "the database may not be opened or written")
        default: ArchiveError(code, "the database refuses it (SQLite \(error.extendedResultCode.rawValue))")
        }
    }

    /// SQLite says so of a write only; a file that cannot grow in another way is an error of input and output to it.
    private var isDiskFull: Bool {
        var space = statvfs()
        guard statvfs(folder.path, &space) == 0 else { return false }
        return UInt64(space.f_bavail) * UInt64(space.f_frsize) < 1 << 20
    }
}
