import Basics

/// Why an image could not be read or written. `description` is one line and holds no pixel or patient data.
public struct RadiographError: ExplainedError {
    /// The kind of failure; open, so that a decoder can add its own.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let unreadable = Code(rawValue: "unreadable")
        public static let empty = Code(rawValue: "empty")
        public static let unknownFormat = Code(rawValue: "unknown format")
        public static let truncated = Code(rawValue: "truncated")
        public static let damaged = Code(rawValue: "damaged")
        public static let tooLarge = Code(rawValue: "too large")
        public static let noPixels = Code(rawValue: "no pixels")
        public static let unsupported = Code(rawValue: "unsupported")
        public static let noSuchFrame = Code(rawValue: "no such frame")
        public static let cannotWrite = Code(rawValue: "cannot write")

        public var exitStatus: ExitStatus { self == .cannotWrite ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// One line for a person, without the file name (the caller names it).
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
