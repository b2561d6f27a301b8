import Basics

/// Why a service did not take a request, or gave it back. The image is not at fault, so it may be tried again later or elsewhere.
public struct DetectionServiceError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The service has ended.
        public static let stopped = Code(rawValue: "stopped")
        /// As many requests wait as may wait.
        public static let full = Code(rawValue: "full")
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
