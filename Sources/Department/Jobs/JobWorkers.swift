import Archive
import Basics
import Findings
import Foundation
import Logging
import Synchronization

/// Takes jobs of one kind and does them, several side by side; a second program on the same archive is more of them.
///
/// A job is leased while it is done. Who dies leaves a lease that runs out, and somebody else does the job. A try that does not work out is made again
/// some times; after that the job is given up and shown.
final class JobWorkers: Sendable {
    /// One kind of work.
    struct Work: Sendable {
        var kind: String
        /// Ends the job in the archive, or throws.
        var perform: @Sendable (_ job: Job, _ owner: String) async throws -> Void
        /// Told when a job is given up.
        var gaveUp: @Sendable (_ job: Job, _ reason: String) -> Void
        var standing: @Sendable (StudyState) -> Standing
    }

    private static let lease: TimeInterval = 60
    private static let renewal = Duration.seconds(20)
    /// How long after a failed try the next one is made; after the last the job is given up.
    private static let pauses: [TimeInterval] = [1, 5, 30, 120]
    /// A job that was begun so often and neither ended nor failed has ended the program each time; it must not do so for ever.
    private static let mostAttempts = 20
    /// Jobs may appear without a word to this program: another one's, or those whose lease ran out.
    private static let poll = Duration.seconds(2)

    private let archive: any Archive
    private let work: Work
    private let logger: Logger
    private let owner = UUID().uuidString
    private let bell = Bell()
    private let width: Int
    private let tasks = Mutex<[Task<Void, Never>]>([])

    /// - Parameter width: How many jobs are done at once.
    init(archive: any Archive, work: Work, width: Int, logger: Logger) {
        (self.archive, self.work, self.width, self.logger) = (archive, work, max(1, width), logger)
    }

    func start() {
        tasks.withLock { tasks in
            guard tasks.isEmpty else { return }
            tasks = (0..<width).map { _ in Task { [self] in await run() } }
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

    private func run() async {
        while !Task.isCancelled {
            do {
                let ring = bell.count
                let now = Date()
                let claimed = try await archive.claimJob(
                    kind: work.kind, owner: owner, until: now.addingTimeInterval(Self.lease), now: now)
                if let claimed { await perform(claimed) } else { await bell.wait(after: ring, atMost: Self.poll) }
            } catch {
                // A full disk, say. What is to be done stays noted.
                logger.error("jobs cannot be taken: \(ImageFailure(error).description)")
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }

    private func perform(_ job: Job) async {
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
            try await work.perform(job, owner)
        } catch is CancellationError {
            // `stop` gives the job back.
        } catch let error as ArchiveError where error.code == .leaseLost {
            logger.notice("job \(job.id): somebody else has it")
        } catch {
            await note(error, of: job)
        }
    }

    /// What the job is about is not at fault, or nobody knows whether it is: tried again some times.
    private func note(_ error: any Error, of job: Job) async {
        let failure = ImageFailure(error)
        let pause = Self.pauses.indices.contains(job.attempts - 1) ? Self.pauses[job.attempts - 1] : nil
        logger.warning("job \(job.id), try \(job.attempts): \(failure.code)")
        do {
            try await archive.failJob(
                job.id, owner: owner, reason: failure.description, nextTry: pause.map { Date().addingTimeInterval($0) },
                standing: work.standing)
            if pause == nil { work.gaveUp(job, failure.description) }
        } catch {
            logger.error("job \(job.id): that it failed cannot be noted; its lease runs out within a minute")
        }
    }
}
