/// Why a file or folder could not be written. `description` is one line.
public struct FileError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let cannotWrite = Code(rawValue: "cannot write")
        /// Something has the place already.
        public static let exists = Code(rawValue: "exists already")

        public var exitStatus: ExitStatus { self == .cannotWrite ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
