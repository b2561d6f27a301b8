import Basics

/// Why a model cannot be used at an operating point.
public struct OperatingPointError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The card has no operating points.
        public static let none = Code(rawValue: "no operating points")
        /// None of the card's has so few false boxes.
        public static let tooFew = Code(rawValue: "no such operating point")

        public var exitStatus: ExitStatus { .wrongUse }
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
