import Basics

/// Why a dataset cannot be read or written. Texts name files and rows, never what stands in them: a file's name can say who the
/// patient is.
public struct DatasetError: ExplainedError {
    /// The kind of failure; open, so that a reader can add its own.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let missing = Code(rawValue: "missing")
        public static let malformed = Code(rawValue: "malformed")
        public static let exists = Code(rawValue: "exists already")
        /// Images of a dataset that are not there any more.
        public static let lost = Code(rawValue: "lost")
        public static let cannotWrite = Code(rawValue: "cannot write")

        public var exitStatus: ExitStatus { [.missing, .cannotWrite].contains(self) ? .somethingMissing : .someInputsFailed }
    }

    public var code: Code
    /// Everything that is wrong, one line each, with file and row where there is one. Never empty.
    public var problems: ProblemList
    /// What a person can do about it, where there is something; a sentence.
    public var advice: String?

    public init(_ code: Code, _ problem: String) {
        self.code = code
        problems = [problem]
    }

    /// - Parameter problems: At least one.
    package init(_ code: Code, problems: some Sequence<String>, advice: String? = nil) {
        self.code = code
        self.problems = ProblemList(problems)
        self.advice = advice
    }

    /// For files that are written aside.
    package init(_ error: FileError) { self.init(error.code == .exists ? .exists : .cannotWrite, error.reason) }

    /// One line: the first problem and how many more there are.
    public var reason: String {
        let more = problems.total > 1 ? " (and \(problems.total - 1) more)" : ""
        return (problems.first ?? "unknown") + more
    }

    public var lines: [String] { (problems.total > 1 ? Array(problems) : []) + [advice, description].compactMap { $0 } }
}
