import Basics
import Foundation
import Synchronization

/// Results.
///
/// A result that cannot be written ends no command at once, for other files may still have to be written. It is remembered: the program asks
/// for `failure()` at its end, so that none ends well with half a report, whichever command it was.
package enum StandardOutput {
    private static let firstFailure = Mutex<Int32?>(nil)

    /// What comes after a failure is not written: it would stand where something is missing.
    package static func write(_ bytes: Data) {
        firstFailure.withLock { failure in
            if failure == nil { failure = Descriptor.write(bytes, to: STDOUT_FILENO) }
        }
    }

    package static func write(_ text: String) { write(Data(text.utf8)) }

    /// Whether something could not be written: nobody needs more of it.
    package static var hasFailed: Bool { firstFailure.withLock { $0 != nil } }

    /// Ends the writing.
    /// - Returns: Why not all of it was written, in a line; `nil` where it was.
    package static func failure() -> String? {
        firstFailure.withLock { failure in
            // Some file systems say only here that they could not keep what they took.
            if failure == nil, isatty(STDOUT_FILENO) == 0, fsync(STDOUT_FILENO) != 0, [ENOSPC, EIO, EDQUOT].contains(errno) {
                failure = errno
            }
            return failure.map { "standard output cannot be written to the end: \(Descriptor.reason($0))" }
        }
    }
}

/// The three streams that every program has.
package enum StandardStreams {
    /// Call it first. A reader that goes away must not end the run before its files are written; and of a stream that was closed (`>&-`) the
    /// first file opened would take the number, and get what is meant for the stream.
    package static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
        where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
            // The wrong way round, so that using it fails as it would have failed. The lowest free number is this one.
            _ = open("/dev/null", mode)
        }
    }
}
