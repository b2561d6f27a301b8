extension R4 {
    /// What went wrong (FHIR R4, 2.27).
    public struct OperationOutcome: FHIRResource, Error {
        public static let resourceType = "OperationOutcome"

        public struct Issue: Hashable, Sendable, Codable {
            /// The value set `issue-severity`.
            public enum Severity: String, Hashable, Sendable, Codable, CaseIterable { case fatal, error, warning, information }

            /// The value set `issue-type`.
            public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
                case invalid, structure, required, value, invariant, security, login, unknown, expired, forbidden, suppressed, processing
                case notSupported = "not-supported"
                case duplicate
                case multipleMatches = "multiple-matches"
                case notFound = "not-found"
                case deleted
                case tooLong = "too-long"
                case codeInvalid = "code-invalid"
                case `extension`
                case tooCostly = "too-costly"
                case businessRule = "business-rule"
                case conflict, transient
                case lockError = "lock-error"
                case noStore = "no-store"
                case exception, timeout, incomplete, throttled, informational
            }

            public var severity: Severity
            public var code: Kind
            public var details: CodeableConcept?
            public var diagnostics: String?
            public var expression: [String]?

            public init(_ severity: Severity, _ code: Kind, _ diagnostics: String?) {
                (self.severity, self.code, self.diagnostics) = (severity, code, diagnostics)
            }
        }

        public private(set) var resourceType = ResourceTag<OperationOutcome>()
        public var id: String?
        public var meta: Meta?
        public var issue: [Issue]

        public init(issue: [Issue]) { self.issue = issue }

        /// - Parameter reason: One line, without patient data.
        public init(_ severity: Issue.Severity = .error, _ code: Issue.Kind, _ reason: String) {
            issue = [Issue(severity, code, reason)]
        }

        /// Whether what was asked for was not done.
        public var isFailure: Bool { issue.contains { $0.severity == .fatal || $0.severity == .error } }
    }
}
