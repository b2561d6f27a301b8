import Archive
import Basics
import Department
import FHIR
import Foundation
import Peers
import Results
import Terminology

/// A FHIR R4 server that takes results as transactions.
public struct FHIRDestination: Destination {
    public let name: String
    public let rules: DestinationRules
    public let scope = ResultScope.study
    public let batch = 8
    /// Where transactions are posted to: the server's base.
    let address: String
    let client: HTTPPeerClient
    let options: FHIROptions
    let terminology: Terminology

    public func files(for result: StudyResult, previous: StudyResult?, sources: any ResultSources) async throws -> [OutgoingFile] {
        let bytes = try ProvedMessages(terminology: terminology).transaction(result, replacing: previous, options: options)
        return [OutgoingFile(identifier: "\(name):\(result.identifier)", kind: "fhir", rank: 0, bytes: bytes)]
    }

    public func send(
        _ deliveries: [OutgoingDelivery], outcome: @escaping @Sendable (Int64, SendingOutcome) async -> Void
    ) async {
        await sendInOrder(deliveries, outcome: outcome, send)
    }

    private func send(_ delivery: OutgoingDelivery) async -> SendingOutcome {
        guard let bytes = try? Data(contentsOf: delivery.file), let bundle = try? FHIRJSON.decode(R4.Bundle.self, from: bytes) else {
            return .refused("the bundle's bytes are not there")
        }
        do {
            let answer = try await client.send(
                HTTPPeerRequest(
                    .post, address,
                    headers: [
                        HTTPPeerHeader("Content-Type", "application/fhir+json"), HTTPPeerHeader("Accept", "application/fhir+json"),
                    ], body: .data(bytes)))
            guard (200...299).contains(answer.status) else { return HTTPOutcome.of(answer.status) }
            let entries = try TransactionAnswer(answer.body, entries: bundle.entry?.count ?? 0)
            guard entries.isDone else {
                let statuses = Set(entries.entries.map(\.status).filter { !(200...299).contains($0) }).sorted()
                return .refused("the server did not take entries: \(statuses.map(String.init).joined(separator: ", "))")
            }
            let report = entries.entries.compactMap(\.location).first { $0.hasPrefix("DiagnosticReport/") }
            return .delivered(proof: "\(answer.status)" + (report.map { " \($0)" } ?? ""))
        } catch let error as PeerError {
            return error.wasPerhapsSent ? .unanswered(error.reason) : .unreachable(error.reason)
        } catch {
            // It answered 2xx and something that cannot be read: the transaction may have been done, and is harmless when repeated.
            return .unanswered(ClinicReason.of(error))
        }
    }
}

/// What an HTTP status that is not 2xx means for a delivery.
enum HTTPOutcome {
    static func of(_ status: Int) -> SendingOutcome {
        let reason = "answered \(status)"
        return switch status {
        case 401, 403, 407: .busy(reason)
        case 408, 425, 429, 500...599: .busy(reason)
        // A conflict of two transactions at once, and a condition that somebody else met first.
        case 409, 412: .busy(reason)
        default: .refused(reason)
        }
    }
}
