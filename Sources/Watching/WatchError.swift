import Basics

/// Why nothing can be watched. Texts name files, lines and columns, never what stands in a row.
public struct WatchError: ExplainedError {
    /// The kind of failure; open, so that others can be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let missing = Code(rawValue: "missing")
        public static let malformed = Code(rawValue: "malformed")
        /// Too few images to say what is usual.
        public static let tooFew = Code(rawValue: "too few")

        public var exitStatus: ExitStatus { self == .missing ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
