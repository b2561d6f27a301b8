import Basics

/// Why something cannot be explained. `description` is one line, without patient data.
public struct ExplanationError: ExplainedError {
    /// The kind of failure; open, so that others can be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The image or the finding does not fit the network.
        public static let unusable = Code(rawValue: "cannot be explained")
        /// The bank of similar cases cannot be used.
        public static let bank = Code(rawValue: "bank of similar cases")
        /// The network has not got what is asked of it.
        public static let network = Code(rawValue: "network")
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
