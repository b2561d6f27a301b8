import Basics
import Console
import Outputs

/// What a person is told of an error, and the exit code that it comes to.
enum TrainingFailure {
    /// Runs a command.
    /// - Throws: `ExitStatus`, when all has been said.
    static func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let status as ExitStatus {
            throw status
        } catch {
            let explained = error as? any ExplainedError
            for line in explained?.lines ?? ["\(error)"] { StandardError.line("pleura-train: \(line)") }
            throw explained?.exitStatus ?? .someInputsFailed
        }
    }
}
