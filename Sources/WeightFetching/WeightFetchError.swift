import Basics

/// Why known weights could not be fetched.
public struct WeightFetchError: ExplainedError {
    /// The kind of failure; open, so that a reader can add its own.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Something that is needed is not on this machine: pip, or what `--from` names.
        public static let missing = Code(rawValue: "missing")
        /// What was asked for makes no sense.
        public static let wrongUse = Code(rawValue: "wrong use")
        public static let cannotFetch = Code(rawValue: "cannot fetch")
        /// A file that is not the one of the table.
        public static let notTheOne = Code(rawValue: "not the pinned file")
        public static let exists = Code(rawValue: "exists already")
        public static let cannotWrite = Code(rawValue: "cannot write")

        public var exitStatus: ExitStatus { [.missing, .cannotWrite].contains(self) ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
