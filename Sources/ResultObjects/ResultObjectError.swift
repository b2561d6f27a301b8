import Basics

/// Why a result object was not made, not read or not proved. No patient data stands in it.
public struct ResultObjectError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The result contradicts itself: a finding on an image that is not listed, an empty box.
        public static let badResult = Code(rawValue: "bad result")
        /// The source image's header cannot be used, or is another image's than the result speaks of.
        public static let badSource = Code(rawValue: "bad source")
        /// The object would not be conformant, or could not be written.
        public static let cannotWrite = Code(rawValue: "cannot write")
        /// Bytes that are no result object, or a damaged one.
        public static let unreadable = Code(rawValue: "unreadable")
        /// What was read back from an object differs from the result it was made of.
        public static let differs = Code(rawValue: "differs")
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
