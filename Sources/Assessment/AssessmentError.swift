import Basics

/// Why a model or predictions cannot be assessed, or why a card or a network is not written.
///
/// Its `description` is the line that a program prints: what the error is about, and the reason.
public struct AssessmentError: ExplainedError {
    /// The kind of failure; open, so that others can be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// A model, or the models of a cross-validation, that are not there.
        public static let missing = Code(rawValue: "missing")
        /// Images, boxes or a network that cannot be used for what is asked.
        public static let unusable = Code(rawValue: "unusable")
        /// What was asked for makes no sense.
        public static let wrongUse = Code(rawValue: "wrong use")
        /// A model was to be tested on patients that it has learnt from.
        public static let learntFromTheTested = Code(rawValue: "learnt from the tested patients")
        /// The rules forbid to write into this card.
        public static let cardRefused = Code(rawValue: "card refused")
        /// The figures give nothing to write into a card.
        public static let nothingForTheCard = Code(rawValue: "nothing for the card")
        /// An 8-bit network loses more than is allowed.
        public static let lossTooLarge = Code(rawValue: "loss too large")

        public var exitStatus: ExitStatus {
            switch self {
            case .missing: .somethingMissing
            case .wrongUse, .cardRefused: .wrongUse
            default: .someInputsFailed
            }
        }
    }

    public var code: Code
    /// What it is about, as the user named it: a model, a dataset, a file.
    public var subject: String
    /// One line for a person, without the subject.
    public var reason: String
    public var exitStatus: ExitStatus
    /// Lines that go into detail, before the last one.
    private var details: [String] = []

    public var description: String { "\(subject): \(reason)" }
    public var lines: [String] { details + [description] }

    public init(_ code: Code, about subject: String, _ reason: String) {
        self.code = code
        self.subject = subject
        self.reason = reason
        exitStatus = code.exitStatus
    }

    /// Another room's error, with what it is about.
    /// - Parameter status: How a program ends for it; `nil` as the error itself says.
    public init(_ error: any Error, about subject: String, status: ExitStatus? = nil) {
        let explained = error as? any ExplainedError
        self.init(Code(rawValue: explained?.code.rawValue ?? "failed"), about: subject, explained?.description ?? "it failed")
        exitStatus = status ?? explained?.exitStatus ?? .someInputsFailed
        details = explained?.lines.dropLast() ?? []
    }

    /// Does some work; an error of it gets the subject that it is about.
    /// - Throws: `AssessmentError`.
    static func about<Result>(_ subject: String, status: ExitStatus? = nil, _ body: () throws -> Result) throws(AssessmentError) -> Result {
        do {
            return try body()
        } catch let error as AssessmentError {
            throw error
        } catch {
            throw AssessmentError(error, about: subject, status: status)
        }
    }
}
