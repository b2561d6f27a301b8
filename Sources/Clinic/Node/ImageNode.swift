import Archive
import Basics
import DICOMNetwork
import Department
import Foundation
import Logging
import ResultObjects
import Synchronization

/// The department's DICOM node: what is stored at it is kept, read and acknowledged; what it is asked to keep it says it keeps.
public final class ImageNode: Sendable {
    private let node: DICOMNode

    /// Listens.
    /// - Parameter destinations: The titles of those that results are sent to: what they say about keeping them is theirs.
    /// - Throws: `DICOMNetworkError`.
    public init(
        _ settings: ClinicConfiguration.Node, department: Department, destinations: [String: [String]], logger: Logger
    ) throws {
        var node = DICOMNodeSettings(
            title: settings.title, listeners: settings.listeners,
            peers: settings.peers.map {
                DICOMNodeSettings.Peer(title: $0.title, addresses: $0.addresses, requiresSecurity: $0.requiresSecurity)
            }, folder: department.archive.content.incoming.path)
        node.acceptsAnyPeer = settings.acceptsAnyPeer
        node.associationLimit = settings.associations
        node.patience = settings.patience
        node.reservedBytes = settings.reservedBytes
        node.storageClasses = StorageClasses.images
        // The archive gives each file another folder, and waits for both.
        node.syncs = false
        node.computesDigests = true
        self.node = try DICOMNode(
            node, handler: NodeHandler(settings, department: department, destinations: destinations, logger: logger))
    }

    public var counts: NodeCounts { node.counts }
    /// In the order of the settings' listeners.
    public var ports: [UInt16] { node.ports }

    /// Ends listening; what is being received comes to its answer, for as many seconds.
    public func stop(grace: Int) { node.stop(grace: grace) }
}

/// Called on the threads of associations, which may wait.
private final class NodeHandler: DICOMNodeHandler {
    private let settings: ClinicConfiguration.Node
    private let department: Department
    private let destinations: [String: [String]]
    private let logger: Logger

    init(_ settings: ClinicConfiguration.Node, department: Department, destinations: [String: [String]], logger: Logger) {
        (self.settings, self.department, self.destinations, self.logger) = (settings, department, destinations, logger)
    }

    private func peer(_ title: String) -> ClinicConfiguration.Node.Peer? {
        let title = ApplicationEntityTitle.normalised(title)
        return settings.peers.first { ApplicationEntityTitle.normalised($0.title) == title }
    }

    func received(_ object: ReceivedObject) -> DIMSEStatus {
        let (department, peer) = (department, peer(object.callingTitle))
        do {
            let file = try IncomingFile(adopting: object.path, sha256: object.sha256, in: department.archive.content)
            return try Waiting.run { try await Self.take(file, object, peer, department) }
        } catch let error as ArchiveError {
            logger.error("an image cannot be kept: \(error.reason)")
            return .outOfResources
        } catch {
            logger.error("an image cannot be kept")
            return .processingFailure
        }
    }

    private static func take(
        _ file: IncomingFile, _ object: ReceivedObject, _ peer: ClinicConfiguration.Node.Peer?, _ department: Department
    ) async throws -> DIMSEStatus {
        // A picture of ours that comes back by some route: it is kept already, and is no image to read.
        if try await department.archive.resultFile(object.sopInstanceUID) != nil { return .success }
        let result = try await department.intake.take(
            file, name: object.sopInstanceUID + ".dcm", protocolName: peer?.protocolName, urgency: peer?.isUrgent == true ? .stat : nil)
        if !result.taken.isEmpty { return .success }
        switch result.refused.first?.code {
        case "conflict", "own_result": return .doesNotMatchClass
        case "too_large": return .outOfResources
        default: return .cannotUnderstand
        }
    }

    func commitmentRequested(_ request: CommitmentRequest) -> CommitmentAnswer {
        let department = department
        let result: CommitmentResult
        do {
            result = try Waiting.run {
                var (committed, failed): ([SOPReference], [SOPReference: UInt16]) = ([], [:])
                for reference in request.references {
                    let isKept = try await department.archive.keeps(reference)
                    if isKept == true {
                        committed.append(reference)
                    } else {
                        failed[reference] = isKept == nil ? CommitmentResult.Failure.noSuchInstance : CommitmentResult.Failure.classConflict
                    }
                }
                return CommitmentResult(transactionUID: request.transactionUID, committed: committed, failed: failed)
            }
        } catch {
            return .refused(.processingFailure)
        }
        guard let address = peer(request.callingTitle)?.answersTo else { return .result(result) }
        let (client, logger) = (
            DICOMClient(
                callingTitle: settings.title, calledTitle: address.title, host: address.host, port: address.port,
                security: address.security), logger
        )
        // Its answer to the request has to leave first.
        let report = Thread {
            for pause in [0.2, 5, 30, 120, 600] {
                Thread.sleep(forTimeInterval: pause)
                if (try? client.reportCommitment(result)) != nil { return }
            }
            logger.warning("the result of a storage commitment could not be told")
        }
        report.start()
        return .later
    }

    func commitmentResult(_ result: CommitmentResult) -> DIMSEStatus {
        let (department, logger) = (department, logger)
        let names = ApplicationEntityTitle.normalised(result.peerTitle).flatMap { destinations[$0] } ?? []
        do {
            try Waiting.run {
                for name in names {
                    try await department.confirm(
                        result.committed.map(\.instanceUID), destination: name, proof: "storage commitment")
                    try await department.confirm(result.failed.keys.map(\.instanceUID), destination: name, proof: nil)
                }
            }
            return .success
        } catch {
            logger.error("the result of a storage commitment cannot be noted")
            return .processingFailure
        }
    }
}

extension Archive {
    /// Whether an instance is here; `nil` where it is not, `false` where its class is another.
    fileprivate func keeps(_ reference: SOPReference) async throws -> Bool? {
        if let file = try await resultFile(reference.instanceUID) { return file.sopClassUID == reference.classUID }
        guard let known = try await instance(sopInstanceUID: reference.instanceUID) else { return nil }
        guard content.contains(known.digest) else { return nil }
        return known.sopClassUID == reference.classUID
    }
}

/// Waits on a thread that is not Swift's own for something asynchronous.
enum Waiting {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let result = Mutex<Result<Value, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            let outcome: Result<Value, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            result.withLock { $0 = outcome }
            done.signal()
        }
        done.wait()
        guard let outcome = result.withLock({ $0 }) else { throw CancellationError() }
        return try outcome.get()
    }
}
