import Basics

/// Why a network could not be loaded or run. `description` is one line.
public struct InferenceError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// A call of the engine failed.
        public static let engine = Code(rawValue: "OpenVINO")
        /// The network does not offer what Pleura asks of one.
        public static let wrongNetwork = Code(rawValue: "wrong network")
        /// The input given does not fit the network.
        public static let wrongInput = Code(rawValue: "wrong input")
        /// The network gave values that are not numbers.
        public static let wrongOutput = Code(rawValue: "wrong output")
        /// The model has no network of the precision asked for.
        public static let missing = Code(rawValue: "missing")

        public var exitStatus: ExitStatus { self == .missing ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
