import Basics

/// Why a `pipeline.config` cannot be used: everything that was found, each with its line. Paths of fields are told, values are not.
public struct PipelineError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The file cannot be opened, is not text, or is far too large.
        public static let unreadable = Code(rawValue: "unreadable")
        /// Not Protocol Buffers text format.
        public static let syntax = Code(rawValue: "syntax")
        /// A field that the Object Detection API does not have there.
        public static let unknownField = Code(rawValue: "unknown field")
        /// A value that the field cannot have.
        public static let value = Code(rawValue: "value")
        /// A network that Pleura does not train.
        public static let architecture = Code(rawValue: "architecture")
        /// Something that a training needs is not there: a field, or a file that a field names.
        public static let missing = Code(rawValue: "missing")
        /// A path that was never filled in.
        public static let placeholder = Code(rawValue: "placeholder")

        public var exitStatus: ExitStatus { [.missing, .placeholder, .unreadable].contains(self) ? .somethingMissing : .someInputsFailed }
    }

    public struct Problem: Hashable, Sendable {
        public var code: Code
        /// From 1; `nil` where the file as a whole is meant.
        public var line: Int?
        /// Names of the fields from the root, with dots; empty where no field is meant.
        public var path: String
        public var reason: String

        public init(_ code: Code, line: Int? = nil, path: String = "", _ reason: String) {
            self.code = code
            self.line = line
            self.path = path
            self.reason = reason
        }
    }

    /// The name of the file.
    public var file: String
    /// In the order of the file; at least one.
    public var problems: [Problem]

    public init(file: String, problems: [Problem]) {
        self.file = file
        self.problems = problems
    }

    /// That of the first problem.
    public var code: Code { problems.first?.code ?? .unreadable }
    public var reason: String { lines.joined(separator: "\n") }

    /// One a problem: `file:line: path: reason`.
    public var lines: [String] {
        problems.map { problem in
            let place = problem.line.map { "\(file):\($0)" } ?? file
            return problem.path.isEmpty ? "\(place): \(problem.reason)" : "\(place): \(problem.path): \(problem.reason)"
        }
    }

    public var description: String { reason }

    /// Something is missing where that is all that is wrong.
    public var exitStatus: ExitStatus {
        problems.allSatisfy { $0.code.exitStatus == .somethingMissing } ? .somethingMissing : .someInputsFailed
    }
}
