import CDICOMNetwork

extension ReceivedObject {
    init(_ object: CDICOMReceivedObject) {
        self.init(
            callingTitle: text(object.callingTitle), calledTitle: text(object.calledTitle), address: text(object.address),
            isSecured: object.secured, sopClassUID: text(object.classUID), sopInstanceUID: text(object.instanceUID),
            transferSyntax: text(object.transferSyntax), path: text(object.path),
            sha256: text(object.sha256).isEmpty ? nil : text(object.sha256), fileSize: object.fileSize, datasetSize: object.datasetSize)
    }
}

extension CommitmentRequest {
    init(_ request: CDICOMCommitmentRequest) {
        self.init(
            callingTitle: text(request.callingTitle), address: text(request.address), transactionUID: text(request.transactionUID),
            references: (0..<request.count).map {
                SOPReference(classUID: text(request.classUIDs[$0]), instanceUID: text(request.instanceUIDs[$0]))
            })
    }
}

extension AssociationEvent {
    init(_ event: CDICOMAssociationEvent) {
        let kind: Kind
        switch Int(event.kind) {
        case Int(CDICOMAssociationAccepted): kind = .accepted
        case Int(CDICOMAssociationRejected): kind = .rejected
        case Int(CDICOMAssociationReleased): kind = .released
        case Int(CDICOMAssociationAborted): kind = .aborted
        default: kind = .failed
        }
        self.init(
            kind: kind, callingTitle: text(event.callingTitle), calledTitle: text(event.calledTitle), address: text(event.address),
            isSecured: event.secured, reason: text(event.reason))
    }
}

extension NodeCounts {
    init(_ counts: CDICOMNodeCounts) {
        self.init()
        connections = counts.connections
        openConnections = counts.openConnections
        openAssociations = counts.openAssociations
        accepted = counts.accepted
        released = counts.released
        aborted = counts.aborted
        rejected = [
            .calledTitle: counts.rejectedCalledTitle, .callingTitle: counts.rejectedCallingTitle, .address: counts.rejectedAddress,
            .unsecured: counts.rejectedUnsecured, .limit: counts.rejectedLimit, .protocolVersion: counts.rejectedProtocol,
        ]
        failedOpening = counts.failedOpening
        failedHandshakes = counts.failedHandshakes
        malformed = counts.malformed
        echoes = counts.echoes
        stored = counts.stored
        storedBytes = counts.storedBytes
        refusedFull = counts.refusedFull
        refusedByHandler = counts.refusedByHandler
        refusedInvalid = counts.refusedInvalid
        incomplete = counts.incomplete
        commitmentRequests = counts.commitmentRequests
        commitmentResults = counts.commitmentResults
    }
}
