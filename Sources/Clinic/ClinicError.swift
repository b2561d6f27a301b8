import Basics

/// Why something about other systems cannot be done. No patient data stands in it.
public struct ClinicError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The configuration.
        public static let badSettings = Code(rawValue: "bad settings")
        /// What was made does not say what the result says.
        public static let notProved = Code(rawValue: "not proved")
        /// Something that another system sent.
        public static let notUnderstood = Code(rawValue: "not understood")

        public var exitStatus: ExitStatus { self == .badSettings ? .wrongUse : .someInputsFailed }
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
