import Foundation
import Synchronization

/// Threads that do one job after another, each job within a limit. A decoder cannot be stopped from outside, so a job that takes longer is left
/// behind: what it comes to is thrown away, and another thread takes its place.
///
/// Threads left behind cost memory and perhaps a core each, so there may be only so many. Beyond that no thread takes the place of one; a thread
/// that comes back after all does.
final class TimeLimitedWorkers<Role: Hashable & Sendable, Job: Sendable, Product: Sendable>: Sendable {
    private struct Running {
        var job: Job
        var role: Role
        var deadline: ContinuousClock.Instant
    }

    private struct State {
        var running: [Int: Running] = [:]
        var started = 0
        /// Threads that do jobs, by what they were started for.
        var alive: [Role: Int] = [:]
        /// Threads whose job was given up and that have not come back.
        var abandoned = 0
        /// Places that nobody took.
        var missing: [Role] = []
        var isStopped = false
    }

    /// What it asks and tells.
    struct Actions: Sendable {
        /// The next job, waited for; `nil` ends the thread.
        var next: @Sendable (Role) -> Job?
        /// Does it.
        var work: @Sendable (Job) -> Product
        /// What a job that took longer than the limit comes to.
        var late: @Sendable (Job) -> Product
        /// Takes what each job came to, once.
        var finish: @Sendable (Job, Product) -> Void
        /// Hears of each job given up, and how many threads have not come back by then.
        var abandoned: @Sendable (Job, Int) -> Void
        /// Called now and then with the roles of which no thread is left, and how many threads have not come back.
        var forsaken: @Sendable (Set<Role>, Int) -> Void
    }

    private let state = Mutex(State())
    private let limit: Duration
    private let mostAbandoned: Int
    private let actions: Actions

    init(limit: Duration, mostAbandoned: Int, actions: Actions) {
        (self.limit, self.mostAbandoned, self.actions) = (limit, max(0, mostAbandoned), actions)
    }

    func start(_ count: Int, as role: Role) {
        for _ in 0..<count { startOne(role) }
    }

    /// Looks after the limits; call it once.
    func watchLimits() {
        Thread.detachNewThread { [weak self, limit] in
            let pause = min(0.5, max(0.005, limit / .seconds(1) / 8))
            while let self, self.watch() { Thread.sleep(forTimeInterval: pause) }
        }
    }

    /// Lets the watch end; workers end when `next` gives nothing.
    func stop() { state.withLock { $0.isStopped = true } }

    private func startOne(_ role: Role) {
        let worker = state.withLock { state in
            state.started += 1
            state.alive[role, default: 0] += 1
            return state.started
        }
        Thread.detachNewThread { self.run(worker, as: role) }
    }

    private func run(_ worker: Int, as first: Role) {
        var role = first
        while let job = actions.next(role) {
            state.withLock { $0.running[worker] = Running(job: job, role: role, deadline: .now + limit) }
            let product = actions.work(job)
            if state.withLock({ $0.running.removeValue(forKey: worker) }) != nil {
                actions.finish(job, product)
                continue
            }
            // Given up meanwhile: another thread is here already, or the place is free.
            let place = state.withLock { state -> Role? in
                state.abandoned -= 1
                guard !state.missing.isEmpty else { return nil }
                let role = state.missing.removeFirst()
                state.alive[role, default: 0] += 1
                return role
            }
            guard let place else { return }
            role = place
        }
        state.withLock { $0.alive[role, default: 0] -= 1 }
    }

    /// - Returns: Whether there is anything left to watch.
    private func watch() -> Bool {
        let now = ContinuousClock.now
        var given: [(job: Job, abandoned: Int)] = []
        var replaced: [Role] = []
        let (isStopped, forsaken, abandoned) = state.withLock { state in
            for (worker, running) in state.running where running.deadline < now {
                state.running[worker] = nil
                state.alive[running.role, default: 0] -= 1
                state.abandoned += 1
                given.append((running.job, state.abandoned))
                if state.abandoned <= mostAbandoned { replaced.append(running.role) } else { state.missing.append(running.role) }
            }
            let forsaken = Set(state.missing).filter { state.alive[$0, default: 0] == 0 && !replaced.contains($0) }
            return (state.isStopped, forsaken, state.abandoned)
        }
        for role in replaced { startOne(role) }
        for (job, count) in given {
            actions.abandoned(job, count)
            actions.finish(job, actions.late(job))
        }
        if !isStopped, !forsaken.isEmpty { actions.forsaken(forsaken, abandoned) }
        return !isStopped
    }
}
