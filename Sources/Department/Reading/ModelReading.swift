import Archive
import Basics
import Detection
import Findings
import Foundation
import Logging
import Synchronization

/// Takes jobs, lets the model read, and notes what it said. Several run side by side; a second program on the same archive is more of them.
///
/// A job is leased while it is done. Who dies leaves a lease that runs out, and somebody else does the job; the reading is noted once in any case, since
/// the archive knows one reading of a model and an image only.
final class ModelReading: Sendable {
    static let jobKind = "read"
    private static let lease: TimeInterval = 60
    private static let renewal = Duration.seconds(20)
    /// How long after a failed try the next one is made; after the last the job is given up and shown.
    private static let pauses: [TimeInterval] = [1, 5, 30, 120]
    /// A job that was begun so often and neither ended nor failed has ended the program each time; it must not do so for ever.
    private static let mostAttempts = 20
    /// Jobs may appear without a word to this program: another one's, or those whose lease ran out.
    private static let poll = Duration.seconds(2)

    private let archive: any Archive
    private let feed: EventFeed
    private let settings: @Sendable () -> SiteSettings
    private let reader: ModelReader
    private let logger: Logger
    private let owner = UUID().uuidString
    private let bell = Bell()
    private let width: Int
    private let tasks = Mutex<[Task<Void, Never>]>([])

    /// - Parameter width: How many images are on their way at once.
    init(
        archive: any Archive, feed: EventFeed, settings: @escaping @Sendable () -> SiteSettings, reader: ModelReader, width: Int,
        logger: Logger
    ) {
        (self.archive, self.feed, self.settings, self.reader) = (archive, feed, settings, reader)
        (self.width, self.logger) = (max(1, width), logger)
    }

    func start() {
        tasks.withLock { tasks in
            guard tasks.isEmpty else { return }
            tasks = (0..<width).map { _ in Task { [self] in await work() } }
        }
    }

    /// There may be a new job.
    func wake() { bell.ring() }

    /// Takes no more jobs, and gives back those that are not done. Nothing is lost: they are done after the next start.
    func stop() async {
        let running = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in running { task.cancel() }
        bell.ring()
        for task in running { await task.value }
        do {
            try await archive.releaseJobs(of: owner)
        } catch {
            logger.warning("jobs could not be given back; their leases run out within a minute")
        }
    }

    private func work() async {
        while !Task.isCancelled {
            do {
                let ring = bell.count
                let now = Date()
                guard
                    let job = try await archive.claimJob(
                        kind: Self.jobKind, owner: owner, until: now.addingTimeInterval(Self.lease), now: now)
                else {
                    await bell.wait(after: ring, atMost: Self.poll)
                    continue
                }
                await read(job)
            } catch {
                // A full disk, say. What is to be done stays noted.
                logger.error("jobs cannot be taken: \(ImageFailure(error).description)")
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }

    private func read(_ job: Job) async {
        let renewing = Task { [archive, owner] in
            while !Task.isCancelled {
                try await Task.sleep(for: Self.renewal)
                guard try await archive.renewLease(of: job.id, owner: owner, until: Date().addingTimeInterval(Self.lease)) else { return }
            }
        }
        defer { renewing.cancel() }
        do {
            guard job.attempts <= Self.mostAttempts else {
                throw ImageFailure(
                    code: "ends_program", "it was begun \(Self.mostAttempts) times, and each time the program ended before it did")
            }
            try await readOnce(job)
        } catch is CancellationError {
            // `stop` gives the job back.
        } catch let error as ArchiveError where error.code == .leaseLost {
            logger.notice("job \(job.id): somebody else has it")
        } catch {
            await note(error, of: job)
        }
    }

    private func readOnce(_ job: Job) async throws {
        guard let id = job.instance, let instance = try await archive.instance(id), let study = try await archive.study(job.study) else {
            throw ArchiveError(.notFound, "the instance of the job is not there")
        }
        feed.publish(.begun(study.id, id))
        let bytes = try archive.content.bytes(of: instance.digest)
        // With a few to do, each has all cores; with many, several go through the network together.
        let isAlone = try await archive.jobCount(state: .running) <= 1
        let answer = try await reader.service.submit(
            DetectionRequest(
                .bytes(bytes, from: .instance(uid: instance.sopInstanceUID)), urgency: study.urgency == .stat || isAlone ? .now : .soon,
                threshold: reader.lowestScore))
        try Task.checkCancellation()
        let settings = settings()
        let content = reader.content(answer.findings, shownBy: settings.readingProtocol(study.protocolName))
        let standings = Standings(settings: settings)
        let number = try await archive.add(
            Reading(study: study.id, instance: id, reader: reader.reader, made: Date(), content: content),
            completing: content.error == nil ? (job.id, owner) : nil, onlyAfterLatest: false, standing: { standings($0) })
        if let error = content.error {
            // The image is at fault, so the next try would say the same. The job is shown until a person deals with it, who may want it tried again.
            try await archive.failJob(job.id, owner: owner, reason: error, nextTry: nil, standing: { standings($0) })
            logger.notice("job \(job.id): \(content.errorCode ?? "failed")")
            feed.publish(.failed(study.id, id, reason: error))
        } else {
            feed.publish(.read(study.id, id, reading: number))
        }
    }

    /// The image is not at fault, or nobody knows whether it is: tried again some times.
    private func note(_ error: any Error, of job: Job) async {
        let failure = ImageFailure(error)
        let pause = Self.pauses.indices.contains(job.attempts - 1) ? Self.pauses[job.attempts - 1] : nil
        logger.warning("job \(job.id), try \(job.attempts): \(failure.code)")
        let standings = Standings(settings: settings())
        do {
            try await archive.failJob(
                job.id, owner: owner, reason: failure.description, nextTry: pause.map { Date().addingTimeInterval($0) },
                standing: { standings($0) })
            if pause == nil { feed.publish(.failed(job.study, job.instance, reason: failure.description)) }
        } catch {
            logger.error("job \(job.id): that it failed cannot be noted; its lease runs out within a minute")
        }
    }
}

/// Wakes whoever waits, at once or after a while.
private final class Bell: Sendable {
    private struct State {
        var count: UInt64 = 0
        var next: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// How often it rang.
    var count: UInt64 { state.withLock { $0.count } }

    func ring() {
        let all = state.withLock { state in
            state.count += 1
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for waiting in all { waiting.resume() }
    }

    /// Returns when it has rung more often than `count`, or after `longest`.
    func wait(after count: UInt64, atMost longest: Duration) async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let alarm = Task {
            try await Task.sleep(for: longest)
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard state.count == count else { return true }
                state.waiting[number] = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
        alarm.cancel()
    }
}
