import Basics

/// Why a message was refused or not made. No patient data stands in it: it names segments and fields, never what is in them.
public struct HL7Error: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// What came is no HL7 message at all.
        public static let notHL7 = Code(rawValue: "no HL7")
        /// A message with a segment that cannot be one.
        public static let malformed = Code(rawValue: "malformed")
        public static let tooLarge = Code(rawValue: "too large")
        /// MSH-18 names a character set that is not known.
        public static let unknownCharacterSet = Code(rawValue: "unknown character set")
        /// Text that is not in the message's character set, or that does not fit into it.
        public static let badCharacters = Code(rawValue: "bad characters")
        /// A message or an event that is not for this reader.
        public static let unsupported = Code(rawValue: "unsupported")
        /// A segment or a field that has to be there.
        public static let missing = Code(rawValue: "missing")
        /// A field whose value cannot be used.
        public static let badValue = Code(rawValue: "bad value")
        /// A path such as PID-3.1 that is none.
        public static let badPath = Code(rawValue: "bad path")
        /// The site's file.
        public static let badSite = Code(rawValue: "bad site file")
        /// A message of our own that does not say what it was made from.
        public static let mismatch = Code(rawValue: "mismatch")
    }

    public var code: Code
    public var reason: String
    /// Where in the message, if it is known.
    public var location: HL7Location?

    public init(_ code: Code, _ reason: String, at location: HL7Location? = nil) {
        (self.code, self.reason, self.location) = (code, reason, location)
    }

    /// The code of HL7's table 0357 with its words, for ERR.
    public var condition: (code: String, text: String) {
        switch code {
        case .notHL7, .malformed: ("100", "Segment sequence error")
        case .missing: ("101", "Required field missing")
        case .badValue, .badCharacters: ("102", "Data type error")
        case .unknownCharacterSet: ("103", "Table value not found")
        case .unsupported: ("200", "Unsupported message type")
        default: ("207", "Application internal error")
        }
    }
}

/// A place in a message (HL7 2.5.1, 2.A.28, data type ERL).
public struct HL7Location: Hashable, Sendable {
    /// The segment's name.
    public var segment: String
    /// Which of the segments with this name, from 1.
    public var occurrence: Int
    /// From 1; `nil` for the segment as a whole.
    public var field: Int?
    public var component: Int?

    public init(segment: String, occurrence: Int = 1, field: Int? = nil, component: Int? = nil) {
        (self.segment, self.occurrence, self.field, self.component) = (segment, occurrence, field, component)
    }
}
