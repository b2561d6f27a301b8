import Basics

/// What is wrong with a file of settings: it names the key.
public struct SettingsError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let badSettings = Code(rawValue: "bad settings")
        public var exitStatus: ExitStatus { .wrongUse }
    }

    public var code: Code
    public var reason: String

    public init(_ reason: String) { (code, self.reason) = (.badSettings, reason) }
}
