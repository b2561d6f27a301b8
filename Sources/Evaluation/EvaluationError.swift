import Basics

/// Why something cannot be evaluated. `description` is one line and names rows and files, never what stands in them.
public struct EvaluationError: ExplainedError {
    /// The kind of failure; open, so that others can be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let missing = Code(rawValue: "missing")
        public static let malformed = Code(rawValue: "malformed")
        /// Two images, or images and predictions, that do not belong together.
        public static let mismatch = Code(rawValue: "do not belong together")
        public static let cannotWrite = Code(rawValue: "cannot write")
        /// A score that is not a number, or not in the range a figure needs.
        public static let badScore = Code(rawValue: "bad score")
        /// Too little data for what is asked.
        public static let tooLittle = Code(rawValue: "too little data")
        /// The scores do not rise with the truth, so no rising curve can be fitted to them.
        public static let notRising = Code(rawValue: "not rising")

        public var exitStatus: ExitStatus { [.missing, .cannotWrite].contains(self) ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
