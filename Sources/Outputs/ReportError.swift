/// Why a result could not be written. `description` is one line, without patient data.
public struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure; open, so that later outputs can add their own.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let cannotWrite = Code(rawValue: "cannot write")
        public static let cannotEncode = Code(rawValue: "cannot encode")
        /// A file that must not be replaced has the place.
        public static let inTheWay = Code(rawValue: "in the way")
        public static let alreadyFinished = Code(rawValue: "already finished")
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { "\(code.rawValue): \(reason)" }
}
