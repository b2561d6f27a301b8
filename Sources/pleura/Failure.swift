import Datasets
import Evaluation
import Findings
import Inference
import ModelGraph
import Models
import Radiographs
import Reports
import WeightFetching

/// The contract's exit codes.
enum ExitStatus: Int32 {
    case done = 0
    case someInputsFailed = 1
    case wrongUse = 2
    case somethingMissing = 3
    /// By SIGINT (128 + 2, as shells say it); what had been begun is done and written.
    case interrupted = 130
    /// By SIGTERM.
    case terminated = 143
}

/// Ends the program with one line and an exit code.
struct Failure: Error {
    var status: ExitStatus
    /// One line; empty where all has been said already.
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// The one line of any error of ours.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as RadiographError: error.description
        case let error as ModelError: error.description
        case let error as InferenceError: error.description
        case let error as FindingsError: error.description
        case let error as ReportError: error.description
        case let error as EvaluationError: error.description
        case let error as ModelGraphError: error.description
        case let error as WeightFetchError: error.description
        case let error as DatasetError: "\(error.code.rawValue): \(error.reason)"
        default: "it failed"
        }
    }

    /// A bundle that is not there is missing; one that is there and wrong is an input that failed.
    static func bundle(_ name: String, _ error: any Error) -> Failure {
        let isMissing = (error as? ModelError)?.code == .notFound
        return Failure(isMissing ? .somethingMissing : .someInputsFailed, "\(name): \(reason(error))")
    }
}
