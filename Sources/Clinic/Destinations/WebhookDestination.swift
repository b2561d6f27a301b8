import Archive
import Basics
import Department
import Foundation
import Peers
import Results

/// An address that is told at once of what is urgent. It gets no patient data: what was found, how sure it is, and where a person sees it.
public struct WebhookDestination: Destination {
    public let name: String
    public let rules: DestinationRules
    public let scope = ResultScope.study
    public let batch = 16
    let address: String
    let client: HTTPPeerClient
    /// With which what is sent is signed.
    let secret: Data

    private struct Told: Codable, Hashable {
        struct Finding: Codable, Hashable {
            var label: String
            var score: Double?
            var probability: Double?
        }

        var event = "result"
        var identifier: String
        var status: String
        var urgent: Bool
        var issued: String
        var findings: [Finding]
        var link: String?
        var notice = StudyResult.notice
    }

    public func files(for result: StudyResult, previous: StudyResult?, sources: any ResultSources) async throws -> [OutgoingFile] {
        let told = Told(
            identifier: result.identifier, status: result.status.rawValue, urgent: result.isUrgent, issued: result.issued.ISO8601Format(),
            findings: result.findings.map { Told.Finding(label: $0.label, score: $0.score, probability: $0.probability) },
            link: result.link)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = try encoder.encode(told)
        guard try JSONDecoder().decode(Told.self, from: bytes) == told else {
            throw ClinicError(.notProved, "the message differs from the result")
        }
        return [OutgoingFile(identifier: "\(name):\(result.identifier)", kind: "webhook", rank: 0, bytes: bytes)]
    }

    public func send(
        _ deliveries: [OutgoingDelivery], outcome: @escaping @Sendable (Int64, SendingOutcome) async -> Void
    ) async {
        await sendInOrder(deliveries, outcome: outcome, send)
    }

    private func send(_ delivery: OutgoingDelivery) async -> SendingOutcome {
        guard let bytes = try? Data(contentsOf: delivery.file) else { return .refused("the message's bytes are not there") }
        do {
            let answer = try await client.send(
                HTTPPeerRequest(
                    .post, address,
                    headers: [
                        HTTPPeerHeader("Content-Type", "application/json"),
                        HTTPPeerHeader(WebhookSignature.header, WebhookSignature.value(for: bytes, secret: secret, at: Date())),
                    ], body: .data(bytes)))
            return (200...299).contains(answer.status) ? .delivered(proof: String(answer.status)) : HTTPOutcome.of(answer.status)
        } catch {
            return error.wasPerhapsSent ? .unanswered(error.reason) : .unreachable(error.reason)
        }
    }
}
