import ArgumentParser
import Basics
import Outputs

extension ParsableCommand {
    /// Ends a program that stopped with an error: says what is to be said and takes the exit code of the contract. The help that somebody asked
    /// for is such an error, too.
    package static func end(_ program: String, with error: any Error) -> Never {
        switch error {
        case let status as ExitStatus: status.end(program)
        case let failure as Failure:
            let lines = failure.details + (failure.message.isEmpty ? [] : [failure.message])
            for line in lines { StandardError.line("\(program): \(line)") }
            failure.status.end(program)
        case let error as any ExplainedError:
            for line in error.lines { StandardError.line("\(program): \(line)") }
            error.exitStatus.end(program)
        default: break
        }
        let text = fullMessage(for: error)
        switch exitCode(for: error) {
        case .success:
            // Help and version are results.
            StandardOutput.write(text + "\n")
            ExitStatus.done.end(program)
        case .validationFailure:
            StandardError.line(text)
            ExitStatus.wrongUse.end(program)
        default:
            // An error of nobody's.
            StandardError.line("\(program): \(error)")
            ExitStatus.someInputsFailed.end(program)
        }
    }
}
