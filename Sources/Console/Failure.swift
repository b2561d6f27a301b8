import Basics

/// Ends a program with an exit code, and a line for a person.
package struct Failure: Error {
    package var status: ExitStatus
    /// One line; empty where all has been said already.
    package var message: String
    /// Lines that go into detail, before the message.
    package var details: [String]

    package init(_ status: ExitStatus, _ message: String, details: [String] = []) {
        (self.status, self.message, self.details) = (status, message, details)
    }

    /// An error with what it is about: a file, a model, a dataset.
    /// - Parameter status: How the program ends; `nil` as the error says.
    package init(about name: String, _ error: any Error, status: ExitStatus? = nil) {
        self.init(
            status ?? Self.status(error), "\(name): \(Self.reason(error))",
            details: (error as? any ExplainedError)?.lines.dropLast() ?? [])
    }

    /// The one line of any error of ours; another's may hold what it stumbled over.
    package static func reason(_ error: any Error) -> String { (error as? any ExplainedError)?.description ?? "it failed" }

    package static func status(_ error: any Error) -> ExitStatus { (error as? any ExplainedError)?.exitStatus ?? .someInputsFailed }

    /// Does some work; an error of it gets the name of what it is about.
    /// - Parameter status: How the program ends; `nil` as the error says.
    /// - Throws: `Failure`.
    package static func about<Result>(_ name: String, status: ExitStatus? = nil, _ body: () throws -> Result) throws(Failure) -> Result {
        do {
            return try body()
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(about: name, error, status: status)
        }
    }

    /// Writes results; one that cannot be written ends the program.
    /// - Throws: `Failure`.
    package static func writing<Result>(_ body: () throws -> Result) throws(Failure) -> Result {
        do {
            return try body()
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.somethingMissing, reason(error))
        }
    }
}
