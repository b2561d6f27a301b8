/// Why a network cannot be built.
public struct NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure; open, so that a reader can add its own.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let shape = Code(rawValue: "cannot be built")
    }

    public var code: Code
    /// One line.
    public var reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { "\(code.rawValue): \(reason)" }
}
