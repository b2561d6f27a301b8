import Foundation

/// What was made of readings for other systems, and how it gets to them: the outbox.
public protocol DeliveryArchive: Sendable {
    /// Notes what was made of a reading and where it goes, and that the job of making it is done, if that is said. A file or delivery that is there already stays as
    /// it is: the same reading makes the same files.
    /// - Parameters:
    ///   - files: Their bytes lie in `content` already.
    ///   - job: Leased by `owner`.
    /// - Throws: `ArchiveError` of code `leaseLost`, or `notFound` where a delivery's file or a file's study is not there; nothing is noted then.
    func publish(_ files: [ResultFile], to deliveries: [NewDelivery], completing job: (id: Int64, owner: String)?, now: Date) async throws

    /// Of a study, oldest first.
    func resultFiles(of study: StudyID) async throws -> [ResultFile]
    func resultFile(_ identifier: String) async throws -> ResultFile?
    /// Every one, in batches, oldest first.
    /// - Parameter after: The identifier of the last one of the batch before.
    func resultFiles(after: String?, limit: Int) async throws -> [ResultFile]

    /// Takes deliveries to a destination in the order in which they are to be sent: by rank, due date and number. Of a lane and rank only the first
    /// that is not ended is taken, so that nothing overtakes; and only those of one rank at a time, so that what is small need not wait for what is large. One that was accepted and not confirmed in time is taken again.
    func claimDeliveries(destination: String, owner: String, until leaseEnds: Date, now: Date, limit: Int) async throws -> [Delivery]
    /// - Returns: Whether all leases were still the owner's.
    func renewLease(ofDeliveries ids: [Int64], owner: String, until leaseEnds: Date) async throws -> Bool
    /// Notes what became of an attempt.
    /// - Throws: `ArchiveError` of code `leaseLost`.
    func end(_ delivery: Int64, owner: String, as outcome: DeliveryOutcome, now: Date) async throws
    /// Gives back what an owner holds; all owners' where it is `nil`.
    func releaseDeliveries(of owner: String?) async throws
    /// Notes that a destination keeps what it was sent, or does not.
    /// - Parameters:
    ///   - identifiers: Of the files.
    ///   - proof: `nil` where it does not; they are sent again then.
    /// - Returns: How many were waiting for it.
    @discardableResult
    func confirm(_ identifiers: [String], destination: String, proof: String?, now: Date) async throws -> Int

    /// Newest first.
    /// - Parameter before: Only those with smaller numbers.
    func deliveries(
        states: Set<Delivery.State>, destination: String?, study: StudyID?, before: Int64?, limit: Int
    ) async throws -> [Delivery]
    func delivery(_ id: Int64) async throws -> Delivery?
    /// How many there are of each state, by destination.
    func deliveryCounts() async throws -> [String: [Delivery.State: Int]]
    /// Sends again from the beginning what has failed, was dismissed or waits.
    /// - Throws: `ArchiveError` of code `notFound`.
    func retryDelivery(_ id: Int64, now: Date) async throws
    /// - Throws: `ArchiveError` of code `notFound` where there is no such delivery, or it has not failed.
    func dismissDelivery(_ id: Int64) async throws
}
