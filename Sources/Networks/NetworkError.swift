import Basics

/// Why a network cannot be built.
public struct NetworkError: ExplainedError {
    /// The kind of failure; open, so that a reader can add its own.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let shape = Code(rawValue: "cannot be built")
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
