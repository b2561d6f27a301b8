import Foundation
import Outputs

/// The contract's exit codes.
package enum ExitStatus: Int32, Error {
    case done = 0
    case someInputsFailed = 1
    case wrongUse = 2
    case somethingMissing = 3
    /// By SIGINT (128 + 2, as shells say it); what had been begun is done and written.
    case interrupted = 130
    /// By SIGTERM.
    case terminated = 143

    /// Ends a program: with this code, or with 3 and a line where results could not be written whole.
    package func end(_ program: String) -> Never {
        guard let failure = StandardOutput.failure() else { exit(rawValue) }
        StandardError.line("\(program): \(failure)")
        exit(self == .done || self == .someInputsFailed ? Self.somethingMissing.rawValue : rawValue)
    }
}
