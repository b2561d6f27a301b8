import Archive
import Department
import Foundation
import Results
import Synchronization

/// A destination in memory, which does as a test tells it and keeps what it got, in order.
package final class RecordingDestination: Destination {
    package let name: String
    package let rules: DestinationRules
    package let scope: ResultScope
    package let batch = 4

    package struct Got: Hashable {
        package var identifier: String
        package var bytes: Data
    }

    private struct State {
        var got: [Got] = []
        var tries: [String] = []
        var results: [StudyResult] = []
        var previous: [StudyResult?] = []
        var answer: @Sendable (OutgoingDelivery, Int) -> SendingOutcome? = { _, _ in .delivered(proof: "kept") }
        var fault: (any Error)?
    }

    private let state = Mutex(State())

    package init(_ name: String, rules: DestinationRules = DestinationRules(), scope: ResultScope = .reading) {
        (self.name, self.rules, self.scope) = (name, rules, scope)
    }

    /// What it got and kept.
    package var got: [Got] { state.withLock { $0.got } }
    /// What was tried, in order.
    package var tries: [String] { state.withLock { $0.tries } }
    package var results: [StudyResult] { state.withLock { $0.results } }
    package var previous: [StudyResult?] { state.withLock { $0.previous } }

    /// - Parameter answer: To a delivery, by how often it was tried before; `nil`: the connection ends without a word.
    package func answers(_ answer: @escaping @Sendable (OutgoingDelivery, Int) -> SendingOutcome?) { state.withLock { $0.answer = answer } }

    /// What making a file ends with.
    package func fails(_ error: (any Error)?) { state.withLock { $0.fault = error } }

    package func files(for result: StudyResult, previous: StudyResult?, sources: any ResultSources) async throws -> [OutgoingFile] {
        if let fault = state.withLock({ $0.fault }) { throw fault }
        for image in result.images where try sources.file(of: image.sopInstanceUID) == nil { throw DepartmentError(.notFound, "no file") }
        state.withLock { state in
            state.results.append(result)
            state.previous.append(previous)
        }
        return [("small", 0), ("large", 5)].map { kind, rank in
            OutgoingFile(
                identifier: "\(name):\(kind):\(result.identifier)", kind: kind, rank: rank, bytes: Data("\(kind) \(result.identifier)".utf8)
            )
        }
    }

    package func send(_ deliveries: [OutgoingDelivery], outcome: @escaping @Sendable (Int64, SendingOutcome) async -> Void) async {
        for delivery in deliveries {
            let identifier = delivery.delivery.file.identifier
            let (before, answer) = state.withLock { state in
                let before = state.tries.count { $0 == identifier }
                state.tries.append(identifier)
                return (before, state.answer)
            }
            guard let said = answer(delivery, before) else { return }
            switch said {
            case .delivered, .accepted:
                let bytes = (try? Data(contentsOf: delivery.file)) ?? Data()
                state.withLock { $0.got.append(Got(identifier: identifier, bytes: bytes)) }
            default: break
            }
            await outcome(delivery.delivery.id, said)
        }
    }
}
