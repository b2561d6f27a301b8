import Basics

/// Why a table of codes is not used.
public struct TerminologyError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let unreadable = Code(rawValue: "unreadable codes")
        public static let unknownKey = Code(rawValue: "unknown key")
        public static let badCode = Code(rawValue: "bad code")
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
