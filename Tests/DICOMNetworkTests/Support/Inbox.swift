import DICOMNetwork
import Foundation
import PleuraTesting
import Synchronization

/// What a test's node does with what it gets: keeps files by their instance, and notes all.
final class Inbox: DICOMNodeHandler {
    struct Notes {
        var received: [ReceivedObject] = []
        var requests: [CommitmentRequest] = []
        var reported: [Bool] = []
        var results: [CommitmentResult] = []
        var events: [AssociationEvent] = []
    }

    let folder: URL
    private let status: DIMSEStatus
    private let delay: Double
    private let commitment: @Sendable (CommitmentRequest) -> CommitmentAnswer
    private let state = Mutex(Notes())
    private let isSilent: Bool

    init(
        folder: URL, status: DIMSEStatus = .success, delay: Double = 0, isSilent: Bool = false,
        commitment: @escaping @Sendable (CommitmentRequest) -> CommitmentAnswer = { _ in .later }
    ) {
        (self.folder, self.status, self.delay, self.commitment) = (folder, status, delay, commitment)
        self.isSilent = isSilent
    }

    var notes: Notes { state.withLock { $0 } }
    private func note(_ body: (inout Notes) -> Void) { if !isSilent { state.withLock { body(&$0) } } }

    func received(_ object: ReceivedObject) -> DIMSEStatus {
        note { $0.received.append(object) }
        if delay > 0 { Thread.sleep(forTimeInterval: delay) }
        guard !status.isFailure else { return status }
        if rename(object.path, file(object.sopInstanceUID).path) == 0 { return status }
        // A node's folder on a disk of its own.
        try? FileManager.default.removeItem(at: file(object.sopInstanceUID))
        return (try? FileManager.default.copyItem(atPath: object.path, toPath: file(object.sopInstanceUID).path)) == nil
            ? .outOfResources : status
    }

    func commitmentRequested(_ request: CommitmentRequest) -> CommitmentAnswer {
        note { $0.requests.append(request) }
        return commitment(request)
    }

    func commitmentReported(callingTitle: String, transactionUID: String, delivered: Bool) {
        note { $0.reported.append(delivered) }
    }

    func commitmentResult(_ result: CommitmentResult) -> DIMSEStatus {
        note { $0.results.append(result) }
        return .success
    }

    func associationChanged(_ event: AssociationEvent) { note { $0.events.append(event) } }

    func file(_ instance: String) -> URL { folder.appendingPathComponent(instance + ".dcm") }
    func dataset(_ instance: String) throws -> Data { SampleObject.dataset(of: try Data(contentsOf: file(instance))) }
}

/// A node on a free port of loopback, ended with the value.
final class TestNode: Sendable {
    let node: DICOMNode
    let inbox: Inbox
    let folder: TemporaryFolder

    /// What it says to a request of commitment.
    struct Commits: Sendable {
        let answer: @Sendable (CommitmentRequest) -> CommitmentAnswer
    }

    init(
        status: DIMSEStatus = .success, delay: Double = 0, isSilent: Bool = false, commitment: Commits = Commits { _ in .later },
        _ change: (inout DICOMNodeSettings) -> Void = { _ in }
    ) throws {
        folder = try TemporaryFolder()
        inbox = Inbox(folder: folder.url, status: status, delay: delay, isSilent: isSilent, commitment: commitment.answer)
        var settings = DICOMNodeSettings(title: "PLEURA", listeners: [.init(port: 0)], folder: folder.url.path)
        settings.acceptsAnyPeer = true
        settings.patience = 10
        change(&settings)
        node = try DICOMNode(settings, handler: inbox)
    }

    deinit { node.stop(grace: 1) }

    var port: UInt16 { node.ports[0] }
    var client: DICOMClient {
        DICOMClient(callingTitle: "SENDER", calledTitle: "PLEURA", host: "127.0.0.1", port: port, patience: 20)
    }

    /// Names in the node's folder.
    var names: [String] { (try? Files.names(in: folder.url)) ?? [] }
}

/// Looks again and again, for some seconds at most.
func eventually(_ seconds: Double = 5, _ isTrue: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
        if isTrue() { return true }
        usleep(10_000)
    }
    return isTrue()
}
