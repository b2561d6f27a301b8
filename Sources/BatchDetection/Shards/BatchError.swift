import Basics

/// Why a batch of many machines cannot go on or be merged. `description` is one line.
public struct BatchError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The folder of the batch cannot be used.
        public static let cannotUse = Code(rawValue: "cannot use")
        /// A file of the batch is not what Pleura wrote, or is cut short.
        public static let damaged = Code(rawValue: "damaged")
        /// Somebody else works on this part, or has begun it.
        public static let inUse = Code(rawValue: "in use")
        /// Parts of one batch were asked for differently.
        public static let otherBatch = Code(rawValue: "another batch")
        /// Images were not done, or done twice.
        public static let incomplete = Code(rawValue: "incomplete")

        public var exitStatus: ExitStatus {
            switch self {
            case .cannotUse, .inUse: .somethingMissing
            default: .someInputsFailed
            }
        }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String
    /// Lines that go into detail.
    public var details: [String]
    public var lines: [String] { details + [description] }

    public init(_ code: Code, _ reason: String, details: [String] = []) {
        (self.code, self.reason, self.details) = (code, reason, details)
    }
}
