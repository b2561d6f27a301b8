import Basics

/// Why a model bundle could not be found, read or written. `description` is one line that names the file inside the bundle.
public struct ModelError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// No bundle of that name or at that place.
        public static let notFound = Code(rawValue: "not found")
        /// A file of the bundle is not there.
        public static let missing = Code(rawValue: "missing")
        public static let unreadable = Code(rawValue: "unreadable")
        /// A file's digest is not the one the bundle was written with.
        public static let altered = Code(rawValue: "altered")
        public static let damaged = Code(rawValue: "damaged")
        public static let unsupported = Code(rawValue: "unsupported")
        /// What a network gave cannot be findings.
        public static let output = Code(rawValue: "wrong output")
        public static let cannotWrite = Code(rawValue: "cannot write")

        public var exitStatus: ExitStatus { [.notFound, .cannotWrite].contains(self) ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// One line for a person, without the bundle's own path (the caller names it).
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
