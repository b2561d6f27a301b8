import Console
import Datasets
import Evaluation
import Findings
import Inference
import ModelGraph
import Models
import Outputs
import Radiographs
import Reports
import WeightFetching

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

    /// What cannot be written or is not there is exit 3, whichever room says so; anything else is an input that failed.
    static func status(_ error: any Error) -> ExitStatus {
        let isMissing =
            switch error {
            case let error as ReportError: error.code != .cannotEncode
            case let error as DatasetError: [.missing, .cannotWrite].contains(error.code)
            case let error as ModelError: [.notFound, .cannotWrite].contains(error.code)
            case let error as RadiographError: error.code == .cannotWrite
            case let error as EvaluationError: error.code == .missing
            case let error as WeightFetchError: [.missing, .cannotWrite].contains(error.code)
            default: false
            }
        return isMissing ? .somethingMissing : .someInputsFailed
    }

    /// A bundle that is not there is missing; one that is there and wrong is an input that failed.
    static func bundle(_ name: String, _ error: any Error) -> Failure {
        Failure(status(error), "\(name): \(reason(error))")
    }
}
