import Basics

/// Why a chain cannot be read or continued. No patient data stands in it.
public struct ChainError: ExplainedError {
    /// The kind of failure; open, so that others can be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let cannotRead = Code(rawValue: "cannot read")
        public static let cannotWrite = Code(rawValue: "cannot write")
        /// A link is not as it was written, or is missing.
        public static let broken = Code(rawValue: "broken chain")

        public var exitStatus: ExitStatus { self == .cannotWrite ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
