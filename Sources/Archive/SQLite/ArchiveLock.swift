import Basics
import Foundation

/// The one server of a folder. Tools may open the archive beside it.
///
/// It ends with the program, however that ends, so nothing has to be cleaned up after a crash.
public final class ArchiveLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `ArchiveError` of code `inUse` where another server has the folder, or `cannotOpen`.
    public init(folder: URL) throws {
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let opened = open(folder.appendingPathComponent("lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw ArchiveError(.cannotOpen, "the folder of the archive cannot be used: \(Descriptor.reason(errno))") }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(opened)
            throw number == EWOULDBLOCK
                ? ArchiveError(.inUse, "another `pleura serve` works on this folder; stop it, or give this one a folder of its own")
                : ArchiveError(.cannotOpen, "the folder of the archive cannot be locked: \(Descriptor.reason(number))")
        }
        descriptor = opened
    }

    deinit { close(descriptor) }
}
