import Basics

/// Why a resource is not made, not read or not looked for. No patient data and no value of a resource stands in it.
public struct FHIRError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// No JSON, or not of the form of the resource.
        public static let unreadable = Code(rawValue: "unreadable resource")
        /// A date, an instant or a decimal that is none.
        public static let badValue = Code(rawValue: "bad value")
        /// Something that changes what the rest means, and is not understood.
        public static let notUnderstood = Code(rawValue: "not understood")
        /// A result of which no resource can be made.
        public static let badResult = Code(rawValue: "bad result")
        /// A search that is not understood.
        public static let badSearch = Code(rawValue: "bad search")
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
