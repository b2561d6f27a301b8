/// What `pleura dataset fetch` has done, for programs.
public struct FetchDoneReport: Encodable, Hashable, Sendable {
    public struct Failure: Encodable, Hashable, Sendable {
        public var file: String
        public var reason: String
    }

    public var out: String
    public var credit: String
    public var fetched: [String]
    public var alreadyThere: [String]
    /// Taken out of archives.
    public var images: Int
    public var failures: [Failure]

    private enum CodingKeys: String, CodingKey {
        case out, credit, fetched, images, failures
        case alreadyThere = "already_there"
    }

    /// - Parameter out: The folder, as the user named it.
    public init(out: String, report: FetchReport, credit: String) {
        (self.out, self.credit) = (out, credit)
        (fetched, alreadyThere, images) = (report.fetched, report.alreadyThere, report.imageCount)
        failures = report.failures.map { Failure(file: $0.file, reason: $0.reason) }
    }
}
