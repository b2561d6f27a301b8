import Console
import Datasets
import ModelGraph
import Models
import ObjectDetectionAPI
import Outputs
import Tensors
import Training

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
            for line in lines(error) { StandardError.line("pleura-train: \(line)") }
            throw isMissing(error) ? ExitStatus.somethingMissing : .someInputsFailed
        }
    }

    private static func lines(_ error: any Error) -> [String] {
        switch error {
        case let error as PipelineError: error.description.split(separator: "\n").map(String.init)
        case let error as DatasetError where error.problems.count > 1: error.problems.map { $0 } + ["\(error)"]
        case let error as ReportError: [error.description]
        default: ["\(error)"]
        }
    }

    /// Whether something is not there or cannot be written.
    private static func isMissing(_ error: any Error) -> Bool {
        switch error {
        case let error as PipelineError: error.problems.allSatisfy { [.missing, .placeholder, .unreadable].contains($0.code) }
        case let error as DatasetError: [.missing, .cannotWrite].contains(error.code)
        case let error as ModelGraphError: error.code == .notFound
        case let error as TrainingError: [.missing, .cannotWrite, .scratch].contains(error.code)
        case let error as ModelError: error.code == .cannotWrite
        case let error as TensorError: error.code == .noDevice
        case let error as ReportError: error.code != .cannotEncode
        default: false
        }
    }
}
