import Basics

/// Why something did not reach a peer, or its answer us. Neither the peer's address nor what was sent stands in it.
public struct PeerError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Nothing was sent: no connection came about.
        public static let notConnected = Code(rawValue: "not connected")
        /// Something was sent, and the connection ended without a whole answer.
        public static let noAnswer = Code(rawValue: "no answer")
        /// Something was sent, and no whole answer came in time.
        public static let timedOut = Code(rawValue: "timed out")
        /// One of the two does not trust the other (TLS). Nothing was taken.
        public static let certificate = Code(rawValue: "certificate")
        /// What is to be sent, or the answer, is longer than allowed.
        public static let tooLarge = Code(rawValue: "too large")
        /// What is to be sent cannot be sent as it is.
        public static let badMessage = Code(rawValue: "bad message")
        public static let badSettings = Code(rawValue: "bad settings")
        /// Our side has ended it.
        public static let stopped = Code(rawValue: "stopped")
    }

    public var code: Code
    public var reason: String
    /// Whether the peer may have got it: whoever sends again sends the same, with the same identifier.
    public var wasPerhapsSent: Bool

    public init(_ code: Code, _ reason: String, wasPerhapsSent: Bool? = nil) {
        (self.code, self.reason) = (code, reason)
        self.wasPerhapsSent = wasPerhapsSent ?? (code == .noAnswer || code == .timedOut)
    }
}
