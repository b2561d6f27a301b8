import DICOMNetwork
import Foundation

/// Keeps what comes in a folder, under its UID, and answers as the command line says.
final class Inbox: DICOMNodeHandler {
    private let folder: String
    private let title: String
    private let refuses: Bool
    private let answersAtOnce: Bool
    /// Where the results of commitments go, by title.
    private let addresses: [String: (host: String, port: UInt16)]
    private let security: TransportSecurity?

    init(_ options: Options) {
        (folder, title) = (options.text("folder", "inbox"), options.text("title", "PLEURA"))
        (refuses, answersAtOnce, security) = (options.flag("refuse"), options.flag("commit-now"), options.security)
        var addresses: [String: (host: String, port: UInt16)] = [:]
        for text in options.all("commitment") {
            let parts = text.split { $0 == "@" || $0 == ":" }.map(String.init)
            if parts.count == 3 { addresses[parts[0]] = (parts[1], UInt16(parts[2]) ?? 0) }
        }
        self.addresses = addresses
    }

    private func path(_ uid: String) -> String { folder + "/" + uid + ".dcm" }

    func received(_ object: ReceivedObject) -> DIMSEStatus {
        !refuses && rename(object.path, path(object.sopInstanceUID)) == 0 ? .success : .outOfResources
    }

    func commitmentRequested(_ request: CommitmentRequest) -> CommitmentAnswer {
        let (kept, lost) = (
            request.references.filter { access(path($0.instanceUID), F_OK) == 0 },
            request.references.filter { access(path($0.instanceUID), F_OK) != 0 }
        )
        let result = CommitmentResult(
            transactionUID: request.transactionUID, committed: kept,
            failed: Dictionary(lost.map { ($0, CommitmentResult.Failure.noSuchInstance) }, uniquingKeysWith: { first, _ in first }))
        if answersAtOnce { return .result(result) }
        guard let address = addresses[request.callingTitle] else { return .refused(.processingFailure) }
        let client = DICOMClient(
            callingTitle: title, calledTitle: request.callingTitle, host: address.host, port: address.port, security: security)
        Thread.detachNewThread {
            // The answer to the request leaves first.
            Thread.sleep(forTimeInterval: 0.2)
            do {
                try client.reportCommitment(result)
                say("reported")
            } catch {
                say("report failed \(error)")
            }
        }
        return .later
    }

    func commitmentReported(callingTitle: String, transactionUID: String, delivered: Bool) {
        say("same association delivered \(delivered)")
    }

    func commitmentResult(_ result: CommitmentResult) -> DIMSEStatus {
        say(
            "commitment of \(result.peerTitle)@\(result.address) \(result.transactionUID) committed \(result.committed.count) "
                + "failed \(result.failed.count)")
        return .success
    }
}
