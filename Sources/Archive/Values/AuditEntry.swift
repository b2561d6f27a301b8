import Basics
import Foundation

/// Who did what, when, to which study. Entries are only ever added, and each holds the digest of the one before: a changed or missing entry shows.
public struct AuditEntry: Hashable, Sendable {
    /// Counts up from 1 without gaps.
    public var number: Int64
    public var time: Date
    public var user: String
    /// Such as `study.view`, `review.sign`, `login.failed`.
    public var action: String
    public var study: StudyID?
    /// In words, without patient data.
    public var detail: String
    /// Hash of the entry before; 64 zeros for the first.
    public var previousHash: String
    public var hash: String

    public init(
        number: Int64, time: Date, user: String, action: String, study: StudyID?, detail: String, previousHash: String, hash: String
    ) {
        (self.number, self.time, self.user, self.action) = (number, time, user, action)
        (self.study, self.detail, self.previousHash, self.hash) = (study, detail, previousHash, hash)
    }

    public static let noHash = String(repeating: "0", count: 64)

    /// The next entry of a chain.
    public init(after previous: AuditEntry?, time: Date, user: String, action: String, study: StudyID?, detail: String) {
        // Whole milliseconds, so that the time reads back from any store as it was hashed.
        let milliseconds = (time.timeIntervalSince1970 * 1_000).rounded()
        self.init(
            number: (previous?.number ?? 0) + 1, time: Date(timeIntervalSince1970: milliseconds / 1_000), user: user, action: action,
            study: study, detail: detail, previousHash: previous?.hash ?? Self.noHash, hash: "")
        hash = expectedHash
    }

    /// What its hash has to be. Each text is preceded by its length, so that no two entries give the same bytes.
    public var expectedHash: String {
        let milliseconds = Int64((time.timeIntervalSince1970 * 1_000).rounded())
        let parts = [String(number), String(milliseconds), user, action, study?.rawValue ?? "", detail, previousHash]
        return Digest(of: parts.map { "\($0.utf8.count):\($0)" }.joined()).hexadecimal
    }
}
