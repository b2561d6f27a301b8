import Basics

/// Ends the program with one line and an exit code.
struct Failure: Error {
    var status: ExitStatus
    /// One line; empty where all has been said already.
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// The one line of any error of ours; another's may hold what it stumbled over.
    static func reason(_ error: any Error) -> String { (error as? any ExplainedError)?.description ?? "it failed" }

    static func status(_ error: any Error) -> ExitStatus { (error as? any ExplainedError)?.exitStatus ?? .someInputsFailed }

    /// A bundle that is not there is missing; one that is there and wrong is an input that failed.
    static func bundle(_ name: String, _ error: any Error) -> Failure {
        Failure(status(error), "\(name): \(reason(error))")
    }
}
