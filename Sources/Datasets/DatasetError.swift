/// Why a dataset cannot be read or written. `description` names files and rows, never what stands in them about a patient.
public struct DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let unreadable = Code(rawValue: "unreadable")
        public static let malformed = Code(rawValue: "malformed")
        public static let missing = Code(rawValue: "missing")
        public static let cannotWrite = Code(rawValue: "cannot write")
    }

    public var code: Code
    public var reason: String
    /// Every problem found, file and row first; the first is also in `reason`.
    public var problems: [String]

    public init(_ code: Code, _ reason: String, problems: [String] = []) {
        self.code = code
        self.reason = reason
        self.problems = problems
    }

    public var description: String {
        problems.isEmpty ? "\(code.rawValue): \(reason)" : "\(code.rawValue): \(reason)\n" + problems.joined(separator: "\n")
    }
}
