import Archive
import Basics
import DICOMNetwork
import Department
import Foundation
import ResultObjects
import Results

/// A DICOM node that stores results: a PACS.
public struct DICOMDestination: Destination {
    public let name: String
    public let rules: DestinationRules
    public let scope = ResultScope.reading
    public let batch = 32
    let client: DICOMClient
    let options: ResultObjectOptions
    /// How long the node may take to say that it keeps what it was sent, in seconds; `nil` where it is not asked.
    let commitment: Double?
    let maker: ResultMaker
    let work: BlockingWork

    public func files(for result: StudyResult, previous: StudyResult?, sources: any ResultSources) async throws -> [OutgoingFile] {
        // Of what could not be read there is nothing to show in a picture archive.
        guard result.images.contains(where: \.wasRead) else { return [] }
        return try await maker.objects(of: result, previous: previous, options: options, sources: sources).map(OutgoingFile.init)
    }

    public func send(
        _ deliveries: [OutgoingDelivery], outcome: @escaping @Sendable (Int64, SendingOutcome) async -> Void
    ) async {
        let (outcomes, told) = AsyncStream<StoreOutcome>.makeStream()
        let cancellation = Cancellation()
        let (client, files) = (client, deliveries.map { ObjectToStore.file($0.file.path) })
        async let report = withTaskCancellationHandler {
            defer { told.finish() }
            return try await work.run { try client.store(files, cancellation: cancellation, told: { told.yield($0) }) }
        } onCancel: {
            cancellation.cancel()
        }
        var stored: [SOPReference] = []
        for await result in outcomes where deliveries.indices.contains(result.index) {
            let delivery = deliveries[result.index].delivery
            let noted = sendingOutcome(result)
            await outcome(delivery.id, noted)
            if case .accepted = noted, let sopClass = delivery.file.sopClassUID {
                stored.append(SOPReference(classUID: sopClass, instanceUID: delivery.file.identifier))
            }
        }
        do {
            if let error = try await report.error, error.code != .cancelled, error.code != .lost {
                for delivery in deliveries { await outcome(delivery.delivery.id, .unreachable(error.reason)) }
            }
        } catch {
            for delivery in deliveries { await outcome(delivery.delivery.id, .unreachable(ClinicReason.of(error))) }
        }
        if !stored.isEmpty { await askForCommitment(of: stored) }
    }

    private func sendingOutcome(_ result: StoreOutcome) -> SendingOutcome {
        switch result.result {
        case .stored: commitment.map { .accepted(seconds: $0) } ?? .delivered(proof: "C-STORE 0000")
        case .storedWithWarning(let status): commitment.map { .accepted(seconds: $0) } ?? .delivered(proof: "C-STORE \(status)")
        case .refused: result.mayPass ? .busy(result.reason) : .refused(result.reason)
        case .notSent(let error?) where error.code == .lost: .unanswered(result.reason)
        case .notSent(let error?) where error.code != .notAccepted: .unreachable(result.reason)
        case .notSent: .refused(result.reason)
        }
    }

    /// A request that fails is made again with what is sent again, when the time is over.
    private func askForCommitment(of stored: [SOPReference]) async {
        let client = client
        let transaction = UniqueTransaction.uid()
        _ = try? await work.run { try client.requestCommitment(transactionUID: transaction, of: stored) }
    }
}

/// UIDs of transactions: fresh ones (PS3.5, B.2).
enum UniqueTransaction {
    static func uid() -> String {
        let number = withUnsafeBytes(of: UUID().uuid) { $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
        return "2.25.\(number)"
    }
}
