import Basics

/// Why a label map could not be read.
public struct LabelMapError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let unreadable = Code(rawValue: "unreadable")
        public static let damaged = Code(rawValue: "damaged")
        /// A class without an id or without a name, or a map without a class.
        public static let missing = Code(rawValue: "missing")
        public static let doubled = Code(rawValue: "doubled")
        public static let outOfRange = Code(rawValue: "out of range")
    }

    public var code: Code
    /// One line for a person, without the file name (the caller names it).
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
