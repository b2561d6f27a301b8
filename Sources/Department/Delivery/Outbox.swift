import Archive
import Basics
import Findings
import Foundation
import Logging
import Synchronization

/// Sends what lies in the outbox, to each destination on its own: one that is slow or away keeps no other waiting.
final class Outbox: Sendable {
    private static let lease: TimeInterval = 120
    private static let renewal = Duration.seconds(40)
    private static let poll = Duration.seconds(2)

    private let archive: any Archive
    private let destinations: [any Destination]
    private let patience: DeliveryPatience
    private let feed: EventFeed
    private let logger: Logger
    private let owner = UUID().uuidString
    private let bells: [String: Bell]
    private let conditions: Mutex<[String: DestinationCondition]>
    private let tasks = Mutex<[Task<Void, Never>]>([])

    init(archive: any Archive, destinations: [any Destination], patience: DeliveryPatience, feed: EventFeed, logger: Logger) {
        (self.archive, self.destinations, self.patience) = (archive, destinations, patience)
        (self.feed, self.logger) = (feed, logger)
        bells = Dictionary(destinations.map { ($0.name, Bell()) }, uniquingKeysWith: { first, _ in first })
        conditions = Mutex([:])
    }

    func start() {
        tasks.withLock { tasks in
            guard tasks.isEmpty else { return }
            tasks = destinations.map { destination in Task { [self] in await serve(destination) } }
        }
    }

    /// There may be something for a destination.
    func wake(_ destination: String) { bells[destination]?.ring() }

    func wakeAll() { for bell in bells.values { bell.ring() } }

    /// How each destination was last met.
    var reached: [String: DestinationCondition] { conditions.withLock { $0 } }

    func stop() async {
        let running = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in running { task.cancel() }
        wakeAll()
        for task in running { await task.value }
        do {
            try await archive.releaseDeliveries(of: owner)
        } catch {
            logger.warning("deliveries could not be given back; their leases run out within minutes")
        }
    }

    private func serve(_ destination: any Destination) async {
        guard let bell = bells[destination.name] else { return }
        while !Task.isCancelled {
            let ring = bell.count
            do {
                let now = Date()
                let claimed = try await archive.claimDeliveries(
                    destination: destination.name, owner: owner, until: now.addingTimeInterval(Self.lease), now: now,
                    limit: max(1, destination.batch))
                guard !claimed.isEmpty else {
                    await bell.wait(after: ring, atMost: Self.poll)
                    continue
                }
                let failures = try await send(claimed, to: destination)
                if failures > 0 { await pause(patience.pause(failures), bell) }
            } catch is CancellationError {
                return
            } catch {
                logger.error("\(destination.name): deliveries cannot be taken: \(ImageFailure(error).description)")
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }

    /// - Returns: How often in a row the destination was not there.
    private func send(_ claimed: [Delivery], to destination: any Destination) async throws -> Int {
        let renewing = Task { [archive, owner] in
            while !Task.isCancelled {
                try await Task.sleep(for: Self.renewal)
                _ = try await archive.renewLease(
                    ofDeliveries: claimed.map(\.id), owner: owner, until: Date().addingTimeInterval(Self.lease))
            }
        }
        defer { renewing.cancel() }
        let told = Mutex<[Int64: SendingOutcome]>([:])
        let byID = Dictionary(claimed.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let content = archive.content
        await destination.send(claimed.map { OutgoingDelivery(delivery: $0, file: content.url(of: $0.file.digest)) }) { id, outcome in
            guard let delivery = byID[id] else { return }
            let isFirst = told.withLock { $0.updateValue(outcome, forKey: id) == nil }
            if isFirst { await self.note(outcome, of: delivery) }
        }
        let outcomes = told.withLock { $0 }
        // What was not reached in this round waits as before.
        for delivery in claimed where outcomes[delivery.id] == nil {
            await note(.unreachable("it was not its turn before the connection ended"), of: delivery)
        }
        let isAway = outcomes.isEmpty || outcomes.values.contains { $0.meansAway }
        let reason = outcomes.values.compactMap(\.reason).first ?? "the connection ended"
        return conditions.withLock { conditions in
            var condition = conditions[destination.name] ?? DestinationCondition()
            if isAway {
                condition.failures += 1
                condition.awaySince = condition.awaySince ?? Date()
                condition.reason = reason
            } else {
                condition = DestinationCondition(lastReached: Date())
            }
            conditions[destination.name] = condition
            return condition.failures
        }
    }

    private func pause(_ seconds: TimeInterval, _ bell: Bell) async {
        // New work is no reason to try sooner; the end of the program is.
        try? await Task.sleep(for: .seconds(seconds))
    }

    private func note(_ outcome: SendingOutcome, of delivery: Delivery) async {
        let now = Date()
        let attempt = delivery.attempts + 1
        let isLast = attempt >= patience.mostAttempts
        let later = now.addingTimeInterval(patience.pause(attempt))
        let noted: DeliveryOutcome =
            switch outcome {
            case .delivered(let proof): .delivered(proof: proof)
            case .accepted(let seconds): .accepted(until: now.addingTimeInterval(seconds))
            case .busy(let reason), .unanswered(let reason):
                isLast ? .failed(reason: reason) : .postponed(until: later, reason: reason, wasGiven: true)
            case .refused(let reason): .failed(reason: reason)
            case .unreachable(let reason): .postponed(until: now, reason: reason, wasGiven: false)
            }
        do {
            try await archive.end(delivery.id, owner: owner, as: noted, now: now)
        } catch let error as ArchiveError where error.code == .leaseLost {
            logger.notice("delivery \(delivery.id): somebody else has it")
        } catch {
            logger.error("delivery \(delivery.id): what became of it cannot be noted; it is sent again")
        }
        switch noted {
        case .delivered, .accepted: feed.publish(.delivered(delivery.file.study, destination: delivery.destination))
        case .failed(let reason):
            logger.warning("delivery \(delivery.id) to \(delivery.destination) was given up")
            feed.publish(.notDelivered(delivery.file.study, destination: delivery.destination, reason: reason))
        case .postponed: break
        }
    }
}

/// How a destination was last met.
public struct DestinationCondition: Hashable, Sendable {
    /// In a row.
    public var failures = 0
    public var awaySince: Date?
    public var lastReached: Date?
    /// One sentence.
    public var reason: String?

    init(lastReached: Date? = nil) { self.lastReached = lastReached }
}

extension SendingOutcome {
    fileprivate var meansAway: Bool {
        switch self {
        case .unreachable, .unanswered: true
        case .delivered, .accepted, .busy, .refused: false
        }
    }

    fileprivate var reason: String? {
        switch self {
        case .busy(let reason), .refused(let reason), .unanswered(let reason), .unreachable(let reason): reason
        case .delivered, .accepted: nil
        }
    }
}
