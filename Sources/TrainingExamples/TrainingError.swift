import Basics

/// Why a training cannot start or go on.
public struct TrainingError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let notFinite = Code(rawValue: "loss is not finite")
        public static let noImages = Code(rawValue: "no images")
        public static let configuration = Code(rawValue: "configuration")
        public static let run = Code(rawValue: "run folder")
        /// A preset, weights or a file that is not there.
        public static let missing = Code(rawValue: "missing")
        public static let cannotWrite = Code(rawValue: "cannot write")
        /// Ended before its last step because it was asked to; the checkpoint is written.
        public static let stopped = Code(rawValue: "stopped")

        public var exitStatus: ExitStatus {
            if self == .stopped { return .interrupted }
            return [.missing, .cannotWrite, .scratch].contains(self) ? .somethingMissing : .someInputsFailed
        }
    }

    public var code: Code
    /// One line for a person.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
