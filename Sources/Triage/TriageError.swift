import Basics

/// Why a worklist cannot be ordered or a simulation not run. Texts name files, lines and settings, never what stands in a row.
public struct TriageError: ExplainedError {
    /// The kind of failure; open, so that others can be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let missing = Code(rawValue: "missing")
        public static let malformed = Code(rawValue: "malformed")
        /// A time that a class of studies may not be given.
        public static let badAllowance = Code(rawValue: "bad allowance")
        /// A rate, a share or another setting that cannot be simulated.
        public static let badSetting = Code(rawValue: "bad setting")
        /// More studies than memory is for.
        public static let tooMuch = Code(rawValue: "too much")

        public var exitStatus: ExitStatus {
            switch self {
            case .missing: .somethingMissing
            case .malformed: .someInputsFailed
            default: .wrongUse
            }
        }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String
    /// Everything that is wrong, one line each, where it is more than one thing.
    public var problems: [String]

    public init(_ code: Code, _ reason: String, problems: [String] = []) {
        self.code = code
        self.reason = reason
        self.problems = problems
    }

    public var lines: [String] { problems + [description] }
}
