import Foundation
import HashChains

/// One entry of a site's change log: what was done, to which model, why, by whom, on what evidence.
///
/// In the shape of a predetermined change control plan (FDA, Marketing Submission Recommendations for a Predetermined Change Control Plan for
/// Artificial Intelligence-Enabled Device Software Functions, December 2024): the modification, the data and training it comes from, what it was
/// judged by, and its update. Entries are only ever added, each with the hash of the one before.
public struct ModelChange: ChainLink, Hashable {
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// A model is used that was not made here; the first entry.
        case adopt
        /// A candidate was trained.
        case train
        /// A candidate was held against the model in use.
        case gate
        /// Both read for some time; one was shown.
        case shadow
        /// A person let the candidate take its place.
        case promote
        /// A person took the model back that was used before.
        case rollback
        /// A model was tried on a site's own cases, and somebody signed for it or not.
        case accept
    }

    public var number: Int64
    /// ISO 8601.
    public var time: String
    public var kind: Kind
    /// Digest of the model that it is about.
    public var model: String
    /// Its name and version, for people.
    public var name: String
    /// Digest of the model that was in use; `nil` of the first.
    public var before: String?
    /// Who did it; a person's name for what only a person may do.
    public var by: String
    /// Why, or what came of it, in words.
    public var reason: String
    /// Digest of the data it was trained on, or of the locked set it was judged on.
    public var data: String?
    /// Of the gate; `nil` of all else.
    public var verdict: String?
    /// SHA-256 of the report that says more.
    public var report: String?
    public var previousHash: String
    public var hash: String

    private enum CodingKeys: String, CodingKey {
        case number, time, kind, model, name, before, by, reason, data, verdict, report, hash
        case previousHash = "previous_hash"
    }

    /// What an entry says, without its place in the chain.
    public struct Content: Hashable, Sendable {
        public var kind: Kind
        public var model: String
        public var name: String
        public var by: String
        public var reason: String
        public var data: String?
        public var verdict: String?
        public var report: String?

        public init(
            _ kind: Kind, model: String, name: String, by: String, reason: String, data: String? = nil, verdict: String? = nil,
            report: String? = nil
        ) {
            (self.kind, self.model, self.name, self.by, self.reason) = (kind, model, name, by, reason)
            (self.data, self.verdict, self.report) = (data, verdict, report)
        }
    }

    init(after previous: ModelChange?, _ content: Content, before: String?, time: Date = Date()) {
        number = (previous?.number ?? 0) + 1
        self.time = time.formatted(.iso8601)
        (kind, model, name, by, reason) = (content.kind, content.model, content.name, content.by, content.reason)
        (data, verdict, report, self.before) = (content.data, content.verdict, content.report, before)
        previousHash = previous?.hash ?? ChainHash.none
        hash = ""
        hash = expectedHash
    }

    public var expectedHash: String {
        ChainHash.of([
            String(number), time, kind.rawValue, model, name, before ?? "", by, reason, data ?? "", verdict ?? "", report ?? "",
            previousHash,
        ])
    }

    /// Whether the model is in use from here on.
    public var isSwitch: Bool { [.adopt, .promote, .rollback].contains(kind) }
}
