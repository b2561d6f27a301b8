import Basics

/// Why a result could not be written. `description` is one line, without patient data.
public struct ReportError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let cannotWrite = Code(rawValue: "cannot write")
        public static let cannotEncode = Code(rawValue: "cannot encode")
        /// A file that must not be replaced has the place.
        public static let inTheWay = Code(rawValue: "in the way")
        public static let alreadyFinished = Code(rawValue: "already finished")

        public var exitStatus: ExitStatus { self == .cannotEncode ? .someInputsFailed : .somethingMissing }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
