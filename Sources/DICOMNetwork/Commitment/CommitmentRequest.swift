/// What a peer asks us to have kept (PS3.4 J.3.2).
public struct CommitmentRequest: Sendable, Hashable {
    public var callingTitle: String
    /// Numeric.
    public var address: String
    public var transactionUID: String
    public var references: [SOPReference]
}

/// What a handler says to it.
public enum CommitmentAnswer: Sendable {
    /// Taken; the result follows by `DICOMClient.reportCommitment`.
    case later
    /// Taken, and this is the result; it goes out on the same association. For peers that wait for it there.
    case result(CommitmentResult)
    case refused(DIMSEStatus)
}
