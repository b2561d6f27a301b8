import Foundation
import Synchronization

/// Threads that do one job after another, each job within a limit. A job that takes longer is given up: what it comes to is thrown away, its
/// thread ends with it, and another takes its place. (A decoder cannot be stopped from outside; it can be left behind.)
final class TimeLimitedWorkers<Job: Sendable, Product: Sendable>: Sendable {
    private struct Running {
        var job: Job
        var deadline: ContinuousClock.Instant
    }

    private struct State {
        var running: [Int: Running] = [:]
        var started = 0
        var isStopped = false
    }

    private let state = Mutex(State())
    private let limit: Duration
    private let next: @Sendable () -> Job?
    private let work: @Sendable (Job) -> Product
    private let late: @Sendable (Job) -> Product
    private let finish: @Sendable (Job, Product) -> Void

    /// - Parameters:
    ///   - next: The next job, waited for; `nil` ends the thread.
    ///   - work: Does it.
    ///   - late: What a job that took longer than `limit` comes to.
    ///   - finish: Takes what each job came to, once.
    init(
        limit: Duration, next: @escaping @Sendable () -> Job?, work: @escaping @Sendable (Job) -> Product,
        late: @escaping @Sendable (Job) -> Product, finish: @escaping @Sendable (Job, Product) -> Void
    ) {
        (self.limit, self.next, self.work, self.late, self.finish) = (limit, next, work, late, finish)
    }

    func start(_ count: Int) {
        for _ in 0..<count { startOne() }
        Thread.detachNewThread { [weak self, limit] in
            let pause = min(0.5, max(0.005, limit / .seconds(1) / 8))
            while let self, self.watch() { Thread.sleep(forTimeInterval: pause) }
        }
    }

    /// Lets the watch end; workers end when `next` gives nothing.
    func stop() { state.withLock { $0.isStopped = true } }

    private func startOne() {
        let worker = state.withLock { state in
            state.started += 1
            return state.started
        }
        Thread.detachNewThread {
            while let job = self.next() {
                self.note(worker, Running(job: job, deadline: .now + self.limit))
                let product = self.work(job)
                // Given up meanwhile: another thread is here already.
                guard self.note(worker, nil) != nil else { return }
                self.finish(job, product)
            }
        }
    }

    @discardableResult
    private func note(_ worker: Int, _ now: Running?) -> Running? {
        state.withLock { state in
            defer { state.running[worker] = now }
            return state.running[worker]
        }
    }

    /// - Returns: Whether there is anything left to watch.
    private func watch() -> Bool {
        let now = ContinuousClock.now
        let (overdue, isStopped) = state.withLock { state in
            let overdue = state.running.filter { $0.value.deadline < now }
            for worker in overdue.keys { state.running[worker] = nil }
            return (overdue, state.isStopped)
        }
        for (_, given) in overdue {
            startOne()
            finish(given.job, late(given.job))
        }
        return !isStopped
    }
}
