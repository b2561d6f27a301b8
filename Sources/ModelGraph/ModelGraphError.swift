/// Why a weight file or a graph could not be read or built.
public struct ModelGraphError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let unreadable = Code(rawValue: "unreadable")
        public static let damaged = Code(rawValue: "damaged")
        public static let unsupported = Code(rawValue: "unsupported")
        public static let missing = Code(rawValue: "missing")
        /// A file that is not on this machine.
        public static let notFound = Code(rawValue: "not found")
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { "\(code.rawValue): \(reason)" }
}
