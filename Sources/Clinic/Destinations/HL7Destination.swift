import Archive
import Basics
import Department
import Foundation
import HL7
import Peers
import Results
import Terminology

/// A system that takes results as ORU^R01 over MLLP: a RIS or an integration engine.
public struct HL7Destination: Destination {
    public let name: String
    public let rules: DestinationRules
    public let scope = ResultScope.study
    public let batch = 16
    let site: HL7Site
    let client: MLLPClient
    let terminology: Terminology
    /// How long an answer may take.
    let patience: Duration

    public func files(for result: StudyResult, previous: StudyResult?, sources: any ResultSources) async throws -> [OutgoingFile] {
        let message = try ProvedMessages(terminology: terminology).oru(result, destination: name, site: site)
        // A control id alone may be another system's, too.
        return [
            OutgoingFile(
                identifier: "\(name):\(ORUWriter.controlID(of: result, destination: name))", kind: "oru", rank: 0, bytes: message)
        ]
    }

    public func send(
        _ deliveries: [OutgoingDelivery], outcome: @escaping @Sendable (Int64, SendingOutcome) async -> Void
    ) async {
        await sendInOrder(deliveries, outcome: outcome, send)
    }

    private func send(_ delivery: OutgoingDelivery) async -> SendingOutcome {
        guard let message = try? Data(contentsOf: delivery.file) else { return .refused("the message's bytes are not there") }
        let controlID = String(delivery.delivery.file.identifier.split(separator: ":").last ?? "")
        let wantsBoth = site.acceptAcknowledgement != nil && site.applicationAcknowledgement.map { $0 != .never } == true
        do {
            let answers = try await client.send(message, timeout: patience) { bytes in
                guard let answer = Self.acknowledgement(bytes), answer.messageControlID == controlID else { return .ignore }
                return answer.code.isCommit && answer.code.isAccepted && wantsBoth ? .more : .last
            }
            guard let answer = answers.last.flatMap(Self.acknowledgement) else { return .unanswered("the answer is no acknowledgement") }
            if answer.code.isAccepted { return .delivered(proof: answer.code.rawValue) }
            let reason = "answered \(answer.code.rawValue)"
            return answer.mayBeTriedAgain ? .busy(reason) : .refused(reason)
        } catch {
            return error.wasPerhapsSent ? .unanswered(error.reason) : .unreachable(error.reason)
        }
    }

    private static func acknowledgement(_ bytes: Data) -> Acknowledgement? {
        (try? HL7Message(Array(bytes))).flatMap { try? Acknowledgement($0) }
    }
}
