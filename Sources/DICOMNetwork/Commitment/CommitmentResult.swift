/// Which instances are kept, and which are not and why (PS3.4 J.3.3).
public struct CommitmentResult: Sendable, Hashable {
    /// PS3.3 C.14, Failure Reason (0008,1197).
    public enum Failure {
        public static let processingFailure: UInt16 = 0x0110
        public static let noSuchInstance: UInt16 = 0x0112
        public static let resourceLimitation: UInt16 = 0x0213
        public static let classNotSupported: UInt16 = 0x0122
        public static let classConflict: UInt16 = 0x0119
        public static let duplicateTransaction: UInt16 = 0x0131
    }

    public var transactionUID: String
    public var committed: [SOPReference]
    /// With their failure reasons.
    public var failed: [SOPReference: UInt16]
    /// Of a result that came to us: who reported it. Empty in one that we send.
    public var peerTitle: String
    /// Empty where the result came on our own association.
    public var address: String

    public init(
        transactionUID: String, committed: [SOPReference], failed: [SOPReference: UInt16] = [:], peerTitle: String = "",
        address: String = ""
    ) {
        self.transactionUID = transactionUID
        self.committed = committed
        self.failed = failed
        self.peerTitle = peerTitle
        self.address = address
    }
}
