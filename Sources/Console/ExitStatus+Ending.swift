import Basics
import Foundation
import Outputs

extension ExitStatus {
    /// Ends a program: with this code, or with 3 and a line where results could not be written whole.
    package func end(_ program: String) -> Never {
        guard let failure = StandardOutput.failure() else { exit(rawValue) }
        StandardError.line("\(program): \(failure)")
        exit(self == .done || self == .someInputsFailed ? Self.somethingMissing.rawValue : rawValue)
    }
}
