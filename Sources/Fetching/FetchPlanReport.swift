/// What `pleura dataset fetch --dry-run` says, for programs.
public struct FetchPlanReport: Encodable, Hashable, Sendable {
    public struct File: Encodable, Hashable, Sendable {
        public var name: String
        /// Bytes; left out where the publisher does not say.
        public var size: Int?
        /// Bytes to come.
        public var remaining: Int?
        public var state: String
    }

    public var out: String
    public var credit: String
    public var files: [File]

    /// - Parameter out: The folder, as the user named it.
    public init(out: String, plan: [FetchPlanItem], credit: String) {
        (self.out, self.credit) = (out, credit)
        files = plan.map { item in
            let state =
                switch item.state {
                case .missing: "missing"
                case .partial: "partial"
                case .unverified: "unverified"
                case .verified: "verified"
                case .extracted: "extracted"
                }
            return File(name: item.file.name, size: item.file.byteCount, remaining: item.remaining, state: state)
        }
    }
}
