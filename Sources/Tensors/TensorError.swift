import Basics

/// Why LibTorch refused: its own sentence, or what was asked of a tensor that it is not.
public struct TensorError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let engine = Code(rawValue: "LibTorch")
        public static let shape = Code(rawValue: "shape")
        public static let noDevice = Code(rawValue: "no such device")
        public static let processes = Code(rawValue: "processes")
        public static let optimiser = Code(rawValue: "optimiser")

        public var exitStatus: ExitStatus { self == .noDevice ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
