import Basics

/// Why a change cannot be judged. Texts name files and settings, and no patient.
public struct GateError: ExplainedError {
    /// The kind of failure; open, so that others can be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let missing = Code(rawValue: "missing")
        public static let malformed = Code(rawValue: "malformed")
        /// The reference set is not the one that was locked.
        public static let altered = Code(rawValue: "altered")
        /// The set has been looked at as often as it may be.
        public static let lookedAtTooOften = Code(rawValue: "looked at too often")
        /// The two models cannot be held against each other, or against this set.
        public static let unusable = Code(rawValue: "unusable")

        public var exitStatus: ExitStatus {
            switch self {
            case .missing: .somethingMissing
            case .lookedAtTooOften: .wrongUse
            default: .someInputsFailed
            }
        }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
