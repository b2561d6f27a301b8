/// What a node asks of the program that it belongs to. Each is called on the thread of an association, several at a time, and may block: the peer waits.
public protocol DICOMNodeHandler: Sendable {
    /// An object has come whole, and its file is on the disk. Take the file (rename it, and sync its new folder) and return `success`, or return why not:
    /// a file that is still there afterwards is removed. The same instance may come twice, even at once.
    func received(_ object: ReceivedObject) -> DIMSEStatus

    /// A peer asks for storage commitment.
    func commitmentRequested(_ request: CommitmentRequest) -> CommitmentAnswer

    /// How a result fared that went out on the requester's own association: `CommitmentAnswer.result`. Where it was not delivered, send it by
    /// `DICOMClient.reportCommitment`.
    func commitmentReported(callingTitle: String, transactionUID: String, delivered: Bool)

    /// The result of a commitment that we asked for.
    func commitmentResult(_ result: CommitmentResult) -> DIMSEStatus

    /// For the audit trail and the log.
    func associationChanged(_ event: AssociationEvent)
}

extension DICOMNodeHandler {
    public func commitmentRequested(_ request: CommitmentRequest) -> CommitmentAnswer { .refused(.processingFailure) }
    public func commitmentReported(callingTitle: String, transactionUID: String, delivered: Bool) {}
    public func commitmentResult(_ result: CommitmentResult) -> DIMSEStatus { .success }
    public func associationChanged(_ event: AssociationEvent) {}
}
