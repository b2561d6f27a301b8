import CDICOMNetwork
import Foundation

/// Settings and callbacks as C wants them; they are copied when the node starts.
struct NodeSettingsForC {
    let settings: DICOMNodeSettings
    private let title: String
    private let peerTitles: [String]

    init(_ settings: DICOMNodeSettings) throws {
        let titles = [settings.title] + settings.peers.map(\.title)
        let normalised = try titles.map {
            guard let title = ApplicationEntityTitle.normalised($0) else {
                throw DICOMNetworkError(.badSettings, "an application entity's title has 1 to 16 characters of ASCII")
            }
            return title
        }
        guard !settings.listeners.isEmpty else { throw DICOMNetworkError(.badSettings, "a node needs a listener") }
        (self.settings, title, peerTitles) = (settings, normalised[0], Array(normalised.dropFirst()))
    }

    func start(_ context: UnsafeMutableRawPointer, _ problem: inout CDICOMNetworkProblem) -> OpaquePointer? {
        let names = CStrings([title, settings.folder])
        let addresses = CStrings(settings.listeners.map(\.address))
        let securities = settings.listeners.map { CSecurity($0.security) }
        let listeners = settings.listeners.indices.map {
            CDICOMListener(address: addresses[$0], port: settings.listeners[$0].port, security: securities[$0].pointer)
        }
        let titles = CStrings(peerTitles)
        let networks = CStrings(settings.peers.flatMap(\.addresses))
        let classes = CStrings(settings.storageClasses), syntaxes = CStrings(settings.transferSyntaxes)
        return withExtendedLifetime((names, addresses, securities, titles)) {
            networks.withPointers { networks in
                var offset = 0
                let peers = settings.peers.indices.map { index in
                    let count = settings.peers[index].addresses.count
                    defer { offset += count }
                    return CDICOMAllowedPeer(
                        title: titles[index], addresses: networks?.advanced(by: offset), addressCount: count,
                        requiresSecurity: settings.peers[index].requiresSecurity)
                }
                return listeners.withUnsafeBufferPointer { listeners in
                    peers.withUnsafeBufferPointer { peers in
                        classes.withPointers { classes in
                            syntaxes.withPointers { syntaxes in
                                var value = scalars(context)
                                (value.title, value.folder) = (names[0], names[1])
                                (value.listeners, value.listenerCount) = (listeners.baseAddress, listeners.count)
                                (value.peers, value.peerCount) = (peers.baseAddress, peers.count)
                                (value.storageClasses, value.storageClassCount) = (classes, settings.storageClasses.count)
                                (value.transferSyntaxes, value.transferSyntaxCount) = (syntaxes, settings.transferSyntaxes.count)
                                return CDICOMNodeStart(&value, &problem)
                            }
                        }
                    }
                }
            }
        }
    }

    private func scalars(_ context: UnsafeMutableRawPointer) -> CDICOMNodeSettings {
        var value = CDICOMNodeSettings()
        value.checksCalledTitle = settings.checksCalledTitle
        value.syncs = settings.syncs
        value.digests = settings.computesDigests
        value.acceptsAnyPeer = settings.acceptsAnyPeer
        value.reservedBytes = settings.reservedBytes
        value.associationLimit = UInt32(clamping: settings.associationLimit)
        value.openingLimit = UInt32(clamping: settings.openingLimit)
        value.maximumPDU = UInt32(clamping: settings.maximumPDU)
        value.patience = UInt32(clamping: settings.patience)
        value.openingPatience = UInt32(clamping: settings.openingPatience)
        value.context = context
        value.received = { context, object in
            guard let handler = HandlerBox.from(context), let object else { return DIMSEStatus.processingFailure.rawValue }
            return handler.received(ReceivedObject(object.pointee)).rawValue
        }
        value.commitmentRequested = { context, request, answersNow, failures in
            guard let handler = HandlerBox.from(context), let request else { return DIMSEStatus.processingFailure.rawValue }
            let asked = CommitmentRequest(request.pointee)
            switch handler.commitmentRequested(asked) {
            case .refused(let status): return status.rawValue
            case .later: return DIMSEStatus.success.rawValue
            case .result(let result):
                let committed = Set(result.committed)
                for (index, reference) in asked.references.enumerated() {
                    let failure = result.failed[reference] ?? (committed.contains(reference) ? 0 : CommitmentResult.Failure.noSuchInstance)
                    failures?[index] = failure
                }
                answersNow?.pointee = true
                return DIMSEStatus.success.rawValue
            }
        }
        value.commitmentReported = { context, title, transaction, delivered in
            HandlerBox.from(context)?
                .commitmentReported(callingTitle: text(title), transactionUID: text(transaction), delivered: delivered)
        }
        value.commitmentResult = { context, result in
            guard let handler = HandlerBox.from(context), let result else { return DIMSEStatus.processingFailure.rawValue }
            return handler.commitmentResult(CommitmentResult(result.pointee)).rawValue
        }
        value.association = { context, event in
            guard let event else { return }
            HandlerBox.from(context)?.associationChanged(AssociationEvent(event.pointee))
        }
        value.freeBytes = nil
        return value
    }
}
