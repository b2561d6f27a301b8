import Basics

/// Why a node did not start or a call did not succeed. No value of a dataset stands in it.
public struct DICOMNetworkError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let badSettings = Code(rawValue: "bad settings")
        public static let cannotListen = Code(rawValue: "cannot listen")
        public static let cannotConnect = Code(rawValue: "cannot connect")
        /// A key, a certificate, a TLS handshake.
        public static let security = Code(rawValue: "transport security")
        /// The peer rejected the association.
        public static let rejected = Code(rawValue: "association rejected")
        /// The peer took none of the presentation contexts that are needed.
        public static let notAccepted = Code(rawValue: "not accepted")
        /// The peer aborted, closed, said nothing for too long, or broke the protocol.
        public static let lost = Code(rawValue: "association lost")
        /// The peer answered with a status of failure.
        public static let refused = Code(rawValue: "refused")
        public static let cancelled = Code(rawValue: "cancelled")
        public static let unexpected = Code(rawValue: "unexpected")

        public var exitStatus: ExitStatus {
            switch self {
            case .badSettings: return .wrongUse
            case .cannotListen, .cannotConnect: return .somethingMissing
            default: return .someInputsFailed
            }
        }
    }

    public var code: Code
    public var reason: String
    /// Of `refused`: what the peer answered.
    public var status: DIMSEStatus?

    public init(_ code: Code, _ reason: String, status: DIMSEStatus? = nil) {
        (self.code, self.reason, self.status) = (code, reason, status)
    }

    /// Whether the same call may succeed later without anyone changing a setting.
    public var mayPass: Bool {
        switch code {
        case .cannotConnect, .lost: return true
        case .rejected: return reason.hasPrefix("transient")
        case .refused: return status.map { $0.isOutOfResources } ?? false
        default: return false
        }
    }
}
