import Basics

/// Why a companion program cannot be run. Its `description` is the line that a program prints.
public struct CompanionProgramError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// It is not built.
        public static let missing = Code(rawValue: "missing")
        public static let cannotRun = Code(rawValue: "cannot be run")

        public var exitStatus: ExitStatus { .somethingMissing }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String
    public var description: String { reason }

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
