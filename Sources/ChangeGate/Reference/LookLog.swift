import Foundation
import HashChains

/// How often a locked set was looked at: each look lets a little of it into what is done next, so there are only so many.
///
/// The same two models on the same set give the same answer again, which is no other look.
public struct LookLog: Sendable {
    public struct Look: ChainLink, Hashable {
        public var number: Int64
        /// ISO 8601.
        public var time: String
        /// Digests of the two models.
        public var current: String
        public var candidate: String
        /// Of `ReferenceSet`.
        public var reference: String
        public var previousHash: String
        public var hash: String

        private enum CodingKeys: String, CodingKey {
            case number, time, current, candidate, reference, hash
            case previousHash = "previous_hash"
        }

        init(after previous: Look?, time: String, current: String, candidate: String, reference: String) {
            number = (previous?.number ?? 0) + 1
            (self.time, self.current, self.candidate, self.reference) = (time, current, candidate, reference)
            previousHash = previous?.hash ?? ChainHash.none
            hash = ""
            hash = expectedHash
        }

        public var expectedHash: String { ChainHash.of([String(number), time, current, candidate, reference, previousHash]) }
    }

    private let file: ChainFile<Look>

    /// - Parameter folder: Where `looks.jsonl` lies, or will: the reference set's own, so that it goes where the set goes.
    public init(folder: URL) { file = ChainFile(folder.appendingPathComponent("looks.jsonl"), word: "look") }

    public func looks() throws -> [Look] { try file.read() }

    /// Counts a look before it is taken.
    /// - Returns: How many there are of this set, this one too.
    /// - Throws: `GateError` of code `lookedAtTooOften`; `ChainError`.
    public func count(current: String, candidate: String, reference: String, most: Int) throws -> Int {
        let all = try file.read()
        let own = all.filter { $0.reference == reference }
        if let known = own.firstIndex(where: { $0.current == current && $0.candidate == candidate }) { return known + 1 }
        guard own.count < most else {
            throw GateError(
                .lookedAtTooOften,
                "the reference set has been looked at \(own.count) times, and \(most) are allowed: what a further model shows on it may be chance; "
                    + "lock a new set")
        }
        try file.append([
            Look(after: all.last, time: Date().formatted(.iso8601), current: current, candidate: candidate, reference: reference)
        ])
        return own.count + 1
    }
}
