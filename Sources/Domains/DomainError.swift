import Basics

/// Why a domain cannot be used: one line with the file, the key and the reason.
public struct DomainError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let bad = Code(rawValue: "bad domain")
        public static let missing = Code(rawValue: "missing")
        public var exitStatus: ExitStatus { self == .missing ? .somethingMissing : .wrongUse }
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
