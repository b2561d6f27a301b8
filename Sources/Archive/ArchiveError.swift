import Basics

/// Why the archive could not do something. No patient data stands in it.
public struct ArchiveError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The disk is full.
        public static let noSpace = Code(rawValue: "no space")
        /// The folder or the database cannot be opened, or was made by a newer Pleura.
        public static let cannotOpen = Code(rawValue: "cannot open")
        /// Another program works on the folder.
        public static let inUse = Code(rawValue: "in use")
        public static let cannotWrite = Code(rawValue: "cannot write")
        public static let cannotRead = Code(rawValue: "cannot read")
        public static let notFound = Code(rawValue: "not found")
        public static let exists = Code(rawValue: "exists already")
        /// Another reading came meanwhile.
        public static let newerReading = Code(rawValue: "newer reading")
        /// The lease of a job ran out, or somebody else has it.
        public static let leaseLost = Code(rawValue: "lease lost")
        /// `WorklistQuery.after` is not the `next` of any page.
        public static let invalidCursor = Code(rawValue: "invalid cursor")

        public var exitStatus: ExitStatus {
            self == .noSpace || self == .cannotOpen || self == .inUse ? .somethingMissing : .someInputsFailed
        }
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
