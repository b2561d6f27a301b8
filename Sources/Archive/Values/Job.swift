import Foundation

/// Something that is to be done. A program that dies while it does it leaves a lease that runs out.
public struct Job: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// To be done, now or from `nextTry` on.
        case waiting
        /// Somebody does it, until `leaseEnds` at the latest.
        case running
        case done
        /// Given up; it is shown until a person deals with it.
        case failed
        /// It had failed, and a person has dealt with it.
        case dismissed
    }

    public var id: Int64
    /// Such as `read`.
    public var kind: String
    public var study: StudyID
    public var instance: InstanceID?
    /// The number of the reading that it is about.
    public var reading: Int64?
    public var state: State
    /// How often it was begun.
    public var attempts: Int
    /// Jobs are done in this order (`Standing.order`).
    public var due: Date
    public var nextTry: Date
    public var leaseOwner: String?
    public var leaseEnds: Date?
    /// One sentence without patient data.
    public var lastError: String?
    public var made: Date

    public init(
        id: Int64 = 0, kind: String, study: StudyID, instance: InstanceID? = nil, reading: Int64? = nil, state: State = .waiting,
        attempts: Int = 0, due: Date,
        nextTry: Date, leaseOwner: String? = nil, leaseEnds: Date? = nil, lastError: String? = nil, made: Date
    ) {
        (self.id, self.kind, self.study, self.instance, self.reading, self.state) = (id, kind, study, instance, reading, state)
        (self.attempts, self.due, self.nextTry, self.leaseOwner) = (attempts, due, nextTry, leaseOwner)
        (self.leaseEnds, self.lastError, self.made) = (leaseEnds, lastError, made)
    }
}
