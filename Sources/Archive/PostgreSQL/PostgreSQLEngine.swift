import Foundation
import Synchronization

/// Transactions of PostgreSQL over a few connections, each on a thread of its own: libpq waits for the server.
///
/// Writers of one archive come one after another (an advisory lock until the end of the transaction), so that what is derived from what was read is right
/// without a second try. Claims lock the rows they take and no more, and go on beside them.
final class PostgreSQLEngine: SQLEngine {
    /// One connection, opened when it is needed, and anew where it broke.
    private final class Line: Sendable {
        let queue: DispatchQueue
        // Touched on `queue` alone.
        private let kept = Mutex<Kept>(Kept())
        private struct Kept: @unchecked Sendable { var connection: PostgreSQLConnection? }

        init(_ number: Int) { queue = DispatchQueue(label: "postgresql \(number)") }

        func connection(_ address: String) throws -> PostgreSQLConnection {
            if let open = kept.withLock({ $0.connection }), open.isOpen { return open }
            let made = Kept(connection: try PostgreSQLConnection(address))
            kept.withLock { $0 = made }
            guard let connection = made.connection else { throw PostgreSQLFailure(state: "", isBroken: true) }
            return connection
        }

        func drop() { kept.withLock { $0.connection = nil } }
    }

    private struct Waiting: Sendable {
        var free: [Line]
        var queue: [CheckedContinuation<Line, Never>] = []
    }

    /// Of the key of the advisory lock: "pleura" in ASCII.
    private static let lock: Int64 = 0x70_6c_65_75_72_61
    private static let mostTries = 8

    private let address: String
    private let lines: Mutex<Waiting>

    init(_ address: String, connections: Int) throws {
        self.address = address
        lines = Mutex(Waiting(free: (0..<max(2, connections)).map { Line($0) }))
    }

    /// Does some work on a connection, outside of any transaction.
    func withConnection<Value: Sendable>(_ body: @escaping @Sendable (PostgreSQLConnection) throws -> Value) async throws -> Value {
        let line = await take()
        defer { give(line) }
        let address = address
        return try await withCheckedThrowingContinuation { continuation in
            line.queue.async {
                continuation.resume(
                    with: Result {
                        let connection = try line.connection(address)
                        defer { if !connection.isOpen || connection.isInTransaction { line.drop() } }
                        return try body(connection)
                    })
            }
        }
    }

    private func take() async -> Line {
        await withCheckedContinuation { continuation in
            let line: Line? = lines.withLock { lines in
                if let line = lines.free.popLast() { return line }
                lines.queue.append(continuation)
                return nil
            }
            if let line { continuation.resume(returning: line) }
        }
    }

    private func give(_ line: Line) {
        let next: CheckedContinuation<Line, Never>? = lines.withLock { lines in
            guard lines.queue.isEmpty else { return lines.queue.removeFirst() }
            lines.free.append(line)
            return nil
        }
        next?.resume(returning: line)
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", otherwise: .cannotRead, body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await transaction("BEGIN; SELECT pg_advisory_xact_lock(\(Self.lock))", otherwise: .cannotWrite, body)
    }

    func claim<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await transaction("BEGIN", otherwise: .cannotWrite, body)
    }

    private func transaction<Value: Sendable>(
        _ begin: String, otherwise code: ArchiveError.Code, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        var tries = 0
        while true {
            tries += 1
            do {
                return try await withConnection { connection in
                    do {
                        try connection.script(begin)
                        let value = try body(connection)
                        do {
                            try connection.script("COMMIT")
                        } catch let failure as PostgreSQLFailure where failure.isBroken {
                            // It may have happened or not: nobody is told that it did, and it is not done again.
                            throw ArchiveError(code, "the database server did not say whether it kept it")
                        }
                        return value
                    } catch {
                        if connection.isOpen, connection.isInTransaction { try? connection.script("ROLLBACK") }
                        throw error
                    }
                }
            } catch let failure as PostgreSQLFailure where (failure.isConflict || failure.isBroken) && tries < Self.mostTries {
                // The server did nothing, or is starting anew.
                if failure.isBroken { try? await Task.sleep(for: .milliseconds(100 * tries)) }
            } catch {
                throw Self.explained(error, otherwise: code)
            }
        }
    }

    private static func explained(_ error: any Error, otherwise code: ArchiveError.Code) -> any Error {
        switch error {
        case let error as PostgreSQLFailure: error.explained(otherwise: code)
        case let error as ArchiveError where error.code == .cannotOpen: ArchiveError(code, error.reason)
        case is ArchiveError, is CancellationError: error
        case is EncodingError: ArchiveError(.cannotWrite, "it holds a number that is none")
        case is DecodingError: ArchiveError(.cannotRead, "the database holds what this Pleura cannot read")
        default: ArchiveError(code, "the database cannot be used")
        }
    }

    /// PostgreSQL guards its files itself (checksums of pages, where the server has them on).
    func structuralFaults() async throws -> [String] { [] }

    /// A connection of its own, which waits for words of others. Where it breaks it is made anew; who listens asks by itself now and then, too.
    func notices() -> AsyncStream<ArchiveNotice>? {
        let address = address
        return AsyncStream(bufferingPolicy: .bufferingNewest(64)) { continuation in
            let end = Ending()
            continuation.onTermination = { _ in end.set() }
            Thread.detachNewThread {
                while !end.isSet {
                    guard let connection = try? PostgreSQLConnection(address),
                        (try? connection.script("LISTEN pleura_job; LISTEN pleura_study")) != nil
                    else {
                        Thread.sleep(forTimeInterval: 1)
                        continue
                    }
                    while !end.isSet, connection.isOpen {
                        var wanted = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
                        guard poll(&wanted, 1, 500) >= 0 || errno == EINTR else { break }
                        for notice in Set(connection.notifications()) { continuation.yield(notice) }
                    }
                }
            }
        }
    }

    /// Whether nobody listens any more.
    private final class Ending: Sendable {
        private let state = Mutex(false)
        var isSet: Bool { state.withLock { $0 } }
        func set() { state.withLock { $0 = true } }
    }
}
