import Basics

/// Why a weight file or a graph could not be read or built.
public struct ModelGraphError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let unreadable = Code(rawValue: "unreadable")
        public static let damaged = Code(rawValue: "damaged")
        public static let unsupported = Code(rawValue: "unsupported")
        public static let missing = Code(rawValue: "missing")
        /// A file that is not on this machine.
        public static let notFound = Code(rawValue: "not found")

        public var exitStatus: ExitStatus { self == .notFound ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
