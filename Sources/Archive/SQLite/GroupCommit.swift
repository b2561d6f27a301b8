import Foundation
import GRDB
import Synchronization

/// Carries out transactions one after another, and lets those that wait at the same time share one commit: a disk is synchronised some hundred times a
/// second at best, and sixty uploads at once are not to wait for each other's.
///
/// Each still succeeds or fails by itself (a savepoint), and is acknowledged after the commit that it is in.
final class GroupCommit: Sendable {
    /// A transaction that waits.
    private struct Work: Sendable {
        let attempt: @Sendable (GRDB.Database) -> Attempt
        /// Tells whoever waits that it could not be tried, or that its commit failed.
        let giveUp: @Sendable (any Error) -> Void
    }
    /// What came of it, of which nobody is told before the commit.
    private struct Attempt {
        let error: (any Error)?
        let acknowledge: () -> Void
    }
    private struct Queue {
        var waiting: [Work] = []
        var isServed = false
    }

    private let pool: DatabasePool
    private let failures: DatabaseFailures
    private let queue = Mutex(Queue())
    /// A group ends here, so that the first of it does not wait for long.
    private static let largestGroup = 64

    init(_ pool: DatabasePool, _ failures: DatabaseFailures) { (self.pool, self.failures) = (pool, failures) }

    /// - Parameter body: May be run twice: what it did the first time is then undone before.
    func write<Value: Sendable>(_ body: @escaping @Sendable (GRDB.Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            let giveUp: @Sendable (any Error) -> Void = { [failures] in
                continuation.resume(throwing: failures.explained($0, otherwise: .cannotWrite))
            }
            submit(
                Work(
                    attempt: { db in
                        do {
                            let value = try body(db)
                            return Attempt(error: nil) { continuation.resume(returning: value) }
                        } catch {
                            return Attempt(error: error) { giveUp(error) }
                        }
                    }, giveUp: giveUp))
        }
    }

    private func submit(_ work: Work) {
        let isFirst = queue.withLock { queue in
            queue.waiting.append(work)
            defer { queue.isServed = true }
            return !queue.isServed
        }
        if isFirst { pool.asyncWriteWithoutTransaction { [self] in serve($0) } }
    }

    private func serve(_ db: GRDB.Database) {
        while true {
            let group = queue.withLock { queue in
                let group = Array(queue.waiting.prefix(Self.largestGroup))
                queue.waiting.removeFirst(group.count)
                queue.isServed = !group.isEmpty
                return group
            }
            if group.isEmpty { return }
            carryOut(group, db)
        }
    }

    private func carryOut(_ group: [Work], _ db: GRDB.Database) {
        do {
            var attempts: [Attempt] = []
            try db.inTransaction(.immediate) {
                for work in group { attempts.append(try attempt(work, db)) }
                return .commit
            }
            for attempt in attempts { attempt.acknowledge() }
        } catch {
            // The commit failed, or SQLite undid all of it, as it may on a full disk. Each has a transaction of its own then, so that one does not make
            // another fail.
            if group.count == 1 {
                group[0].giveUp(error)
            } else {
                for work in group { carryOut([work], db) }
            }
        }
    }

    /// - Throws: Where the whole group was undone.
    private func attempt(_ work: Work, _ db: GRDB.Database) throws -> Attempt {
        try db.execute(sql: "SAVEPOINT work")
        let attempt = work.attempt(db)
        if let error = attempt.error {
            guard db.isInsideTransaction else { throw error }
            try db.execute(sql: "ROLLBACK TO SAVEPOINT work")
        }
        try db.execute(sql: "RELEASE SAVEPOINT work")
        return attempt
    }
}
