import Basics

/// Why a server does not start.
public struct WorkstationError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let badConfiguration = Code(rawValue: "bad configuration")
        /// Beyond loopback only with TLS and accounts.
        public static let notLocked = Code(rawValue: "not locked")
        public static let certificate = Code(rawValue: "certificate")
        public static let cannotListen = Code(rawValue: "cannot listen")

        public var exitStatus: ExitStatus { self == .badConfiguration || self == .notLocked ? .wrongUse : .somethingMissing }
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
