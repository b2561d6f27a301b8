import Basics

/// Why a step of the learning loop cannot be taken. Texts name models, files and settings, and no patient.
public struct ImprovementError: ExplainedError {
    /// The kind of failure; open, so that others can be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let missing = Code(rawValue: "missing")
        public static let malformed = Code(rawValue: "malformed")
        public static let cannotWrite = Code(rawValue: "cannot write")
        /// The rules forbid it: the gate was not passed, or nobody is named.
        public static let refused = Code(rawValue: "refused")
        /// There is nothing to do it with.
        public static let nothing = Code(rawValue: "nothing")
        /// The training could not be run to its end.
        public static let training = Code(rawValue: "training")

        public var exitStatus: ExitStatus {
            switch self {
            case .missing, .cannotWrite: .somethingMissing
            case .refused: .wrongUse
            default: .someInputsFailed
            }
        }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
