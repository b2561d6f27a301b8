import Archive
import Basics
import DICOMWeb
import Department
import Foundation
import Peers
import ResultObjects
import Results

/// A server that stores results by DICOMweb (STOW-RS).
public struct DICOMWebDestination: Destination {
    public let name: String
    public let rules: DestinationRules
    public let scope = ResultScope.reading
    public let batch = 16
    /// The service's base; `/studies` follows.
    let address: String
    let client: HTTPPeerClient
    let options: ResultObjectOptions
    let maker: ResultMaker

    public func files(for result: StudyResult, previous: StudyResult?, sources: any ResultSources) async throws -> [OutgoingFile] {
        guard result.images.contains(where: \.wasRead) else { return [] }
        return try await maker.objects(of: result, previous: previous, options: options, sources: sources).map(OutgoingFile.init)
    }

    public func send(
        _ deliveries: [OutgoingDelivery], outcome: @escaping @Sendable (Int64, SendingOutcome) async -> Void
    ) async {
        do {
            let request = try STOWRequest(files: deliveries.map(\.file))
            let pieces = try request.body.contents.map { content -> HTTPPeerBody.Piece in
                switch content {
                case .data(let data): .data(data)
                case .file(let url, let offset, let count):
                    offset == 0 ? .file(url) : .data(try Data(contentsOf: url).dropFirst(offset).prefix(count))
                }
            }
            let answer = try await client.send(
                HTTPPeerRequest(
                    .post, address + "/studies",
                    headers: request.fields.filter { $0.name != "Content-Length" }.map { HTTPPeerHeader($0.name, $0.value) },
                    body: .pieces(pieces)))
            // A conflict names those that were not taken, and those that were.
            guard (200...299).contains(answer.status) || answer.status == 409 else {
                for delivery in deliveries { await outcome(delivery.delivery.id, HTTPOutcome.of(answer.status)) }
                return
            }
            let stored = try STOWAnswer(status: answer.status, body: answer.body)
            for delivery in deliveries {
                await outcome(delivery.delivery.id, Self.outcome(of: delivery.delivery.file, stored, answer.status))
            }
        } catch let error as PeerError {
            let result = error.wasPerhapsSent ? SendingOutcome.unanswered(error.reason) : .unreachable(error.reason)
            for delivery in deliveries { await outcome(delivery.delivery.id, result) }
        } catch {
            // It answered, and nobody can tell what; what was stored is stored once in any case.
            for delivery in deliveries { await outcome(delivery.delivery.id, .unanswered(ClinicReason.of(error))) }
        }
    }

    /// A server that answers 200 and names none has stored none.
    private static func outcome(of file: ResultFile, _ answer: STOWAnswer, _ status: Int) -> SendingOutcome {
        if answer.stored[file.identifier] != nil { return .delivered(proof: String(status)) }
        guard let reason = answer.failed[file.identifier] else { return .busy("answered \(status) and did not say that it stored it") }
        let text = "not stored: \(String(reason, radix: 16, uppercase: true))"
        return reason & 0xFF00 == 0xA700 || reason == 0x0110 ? .busy(text) : .refused(text)
    }
}
