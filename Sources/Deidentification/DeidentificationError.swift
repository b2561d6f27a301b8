import Basics

/// Why a file was not de-identified. No patient data stands in it.
public struct DeidentificationError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// No DICOM file, or one that ends early or breaks off the rules: what cannot be read cannot be cleaned.
        public static let unreadable = Code(rawValue: "unreadable")
        public static let tooLarge = Code(rawValue: "too large")
        public static let unsupported = Code(rawValue: "unsupported")
        /// A key that is too short to keep anything secret.
        public static let badKey = Code(rawValue: "bad key")
        public static let badOptions = Code(rawValue: "bad options")
        /// The pixels may show who the patient is, and the options say that such files are refused.
        public static let burntIn = Code(rawValue: "burnt-in text")
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
