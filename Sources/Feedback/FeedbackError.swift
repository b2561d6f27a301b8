import Basics

/// Why feedback cannot be read, kept or made a dataset of. No patient data stands in it.
public struct FeedbackError: ExplainedError {
    /// The kind of failure; open, so that others can be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let missing = Code(rawValue: "missing")
        public static let cannotWrite = Code(rawValue: "cannot write")
        /// There is nothing to learn from.
        public static let nothing = Code(rawValue: "nothing")

        public var exitStatus: ExitStatus { self == .missing || self == .cannotWrite ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
