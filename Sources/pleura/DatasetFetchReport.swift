import Fetching

/// What `pleura dataset fetch --dry-run` says, for programs.
struct FetchPlanReport: Encodable {
    struct File: Encodable {
        var name: String
        /// Bytes; left out where the publisher does not say.
        var size: Int?
        /// Bytes to come.
        var remaining: Int?
        var state: String
    }

    var out: String
    var credit: String
    var files: [File]

    init(out: String, plan: [FetchPlanItem], credit: String) {
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

/// What it has done.
struct FetchDoneReport: Encodable {
    struct Failure: Encodable {
        var file: String
        var reason: String
    }

    var out: String
    var credit: String
    var fetched: [String]
    var alreadyThere: [String]
    /// Taken out of archives.
    var images: Int
    var failures: [Failure]

    private enum CodingKeys: String, CodingKey {
        case out, credit, fetched, images, failures
        case alreadyThere = "already_there"
    }

    init(out: String, report: FetchReport, credit: String) {
        (self.out, self.credit) = (out, credit)
        (fetched, alreadyThere, images) = (report.fetched, report.alreadyThere, report.imageCount)
        failures = report.failures.map { Failure(file: $0.file, reason: $0.reason) }
    }
}
