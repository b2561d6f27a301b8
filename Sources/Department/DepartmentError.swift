import Basics

/// Why something was not done. No patient data stands in it.
public struct DepartmentError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let badSettings = Code(rawValue: "bad settings")
        /// A review that does not fit its study.
        public static let badReview = Code(rawValue: "bad review")
        /// Content that is none of the formats, or damaged.
        public static let unreadable = Code(rawValue: "unreadable")
        public static let tooLarge = Code(rawValue: "too large")
        /// Another instance has its SOP Instance UID.
        public static let conflict = Code(rawValue: "conflict")
        /// Something that cannot be made for a destination.
        public static let unsendable = Code(rawValue: "unsendable")
        public static let notFound = Code(rawValue: "not found")
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
