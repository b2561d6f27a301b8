import Foundation

/// A result file on its way to one destination.
public struct Delivery: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// To be sent, now or from `nextTry` on.
        case waiting
        /// Somebody sends it, until the lease ends at the latest.
        case running
        /// The destination took it, and has promised to say that it keeps it. Until `nextTry`; then it is sent again.
        case accepted
        /// There is a proof that it arrived.
        case delivered
        /// Given up; it is shown until a person deals with it.
        case failed
        /// It had failed, and a person has dealt with it.
        case dismissed
    }

    public var id: Int64
    /// The destination's name.
    public var destination: String
    public var file: ResultFile
    /// Within a lane what comes later of a rank is sent later: a patient's results keep their order.
    public var lane: String
    /// The smaller, the sooner: messages before objects, captures last.
    public var rank: Int
    /// Of one rank, what is due first is sent first.
    public var due: Date
    public var state: State
    /// How often the destination was given it.
    public var attempts: Int
    public var nextTry: Date
    public var leaseOwner: String?
    public var leaseEnds: Date?
    /// One sentence without patient data.
    public var lastError: String?
    /// What the destination answered, such as `AA` or `201`.
    public var proof: String?
    public var made: Date
    /// When it was delivered or given up.
    public var ended: Date?

    public init(
        id: Int64 = 0, destination: String, file: ResultFile, lane: String, rank: Int, due: Date, state: State = .waiting,
        attempts: Int = 0, nextTry: Date, leaseOwner: String? = nil, leaseEnds: Date? = nil, lastError: String? = nil, proof: String? = nil,
        made: Date, ended: Date? = nil
    ) {
        (self.id, self.destination, self.file, self.lane, self.rank) = (id, destination, file, lane, rank)
        (self.due, self.state, self.attempts, self.nextTry) = (due, state, attempts, nextTry)
        (self.leaseOwner, self.leaseEnds, self.lastError) = (leaseOwner, leaseEnds, lastError)
        (self.proof, self.made, self.ended) = (proof, made, ended)
    }
}

/// Where a result file is to go.
public struct NewDelivery: Hashable, Sendable {
    public var destination: String
    /// `ResultFile.identifier`.
    public var file: String
    public var lane: String
    public var rank: Int
    public var due: Date

    public init(destination: String, file: String, lane: String, rank: Int, due: Date) {
        (self.destination, self.file, self.lane, self.rank, self.due) = (destination, file, lane, rank, due)
    }
}

/// What became of an attempt to deliver.
public enum DeliveryOutcome: Hashable, Sendable {
    case delivered(proof: String)
    /// Taken; the proof is to come until then.
    case accepted(until: Date)
    /// To be tried again.
    /// - Parameter wasGiven: Whether the destination may have got it, so that the attempt counts.
    case postponed(until: Date, reason: String, wasGiven: Bool)
    case failed(reason: String)
}
