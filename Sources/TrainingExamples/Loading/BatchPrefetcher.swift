import Basics
import Foundation

/// Makes batches ahead on threads of its own while the network works, and hands them out in order.
///
/// What is in a batch depends on its step and part alone, so the count of threads changes nothing but the time.
package final class BatchPrefetcher: Sendable {
    private let work: Work

    /// - Parameters:
    ///   - steps: The steps to make batches for.
    ///   - parts: The parts of each step, one after another.
    ///   - total: How many parts a step has.
    ///   - ahead: How many batches are kept ready or in the making.
    ///   - threads: How many are made at a time.
    package init(
        source: any BatchMaking, steps: Range<Int>, parts: Range<Int> = 0..<1, of total: Int = 1, ahead: Int = 3, threads: Int = 1
    ) {
        let threads = max(1, threads)
        let work = Work(source: source, steps: steps, parts: parts, total: total, ahead: max(threads, ahead, 1))
        self.work = work
        for _ in 0..<threads where !parts.isEmpty {
            Thread.detachNewThread { work.run() }
        }
    }

    deinit { work.stop() }

    /// A batch. Asked for one after another they are mostly ready; any other is made on the spot.
    /// - Throws: What making it threw.
    package func take(step: Int, part: Int? = nil) throws -> Batch { try work.take(step: step, part: part ?? work.parts.lowerBound) }

    /// One line for each picture that has become unreadable since the last call.
    package func takeNewFailures() -> [String] { work.source.takeNewFailures() }
}

/// What the threads share; it outlives the prefetcher until they have ended.
private final class Work: Sendable {
    /// Batches are numbered from 0.
    private struct State: Sendable {
        /// The first that nobody has begun.
        var next = 0
        /// The first that has not been taken.
        var wanted = 0
        var ready: [Int: Result<Batch, any Error>] = [:]
        var isStopped = false
    }

    let source: any BatchMaking
    let parts: Range<Int>
    private let steps: Range<Int>
    private let total: Int
    private let ahead: Int
    private let state = Monitor(State())

    init(source: any BatchMaking, steps: Range<Int>, parts: Range<Int>, total: Int, ahead: Int) {
        (self.source, self.steps, self.parts, self.total, self.ahead) = (source, steps, parts, total, ahead)
    }

    private var end: Int { steps.count.multipliedReportingOverflow(by: parts.count).overflow ? .max : steps.count * parts.count }

    /// A thread's life: the next batch that nobody has begun, as long as it is not too far ahead.
    func run() {
        while let number = begin() {
            let batch = made(step: steps.lowerBound + number / parts.count, part: parts.lowerBound + number % parts.count)
            state.change { if number >= $0.wanted { $0.ready[number] = batch } }
        }
    }

    /// The batch to be made next, waited for; `nil` once the work is stopped.
    private func begin() -> Int? {
        state.change(when: { $0.isStopped || ($0.next < end && $0.next - $0.wanted < ahead) }) { state in
            guard !state.isStopped else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    func take(step: Int, part: Int) throws -> Batch {
        guard steps.contains(step), parts.contains(part) else { return try made(step: step, part: part).get() }
        let number = (step - steps.lowerBound) * parts.count + part - parts.lowerBound
        let isAhead = state.change { state in
            guard number >= state.wanted else { return false }
            if number > state.wanted {
                // Some were passed over.
                state.wanted = number
                state.next = max(state.next, number)
                state.ready = state.ready.filter { $0.key >= number }
            }
            return true
        }
        guard isAhead else { return try made(step: step, part: part).get() }
        let batch = state.change(when: { $0.ready[number] != nil }) { state in
            state.wanted = number + 1
            return state.ready.removeValue(forKey: number)
        }
        return try (batch ?? made(step: step, part: part)).get()
    }

    func stop() {
        state.change { state in
            state.isStopped = true
            state.ready = [:]
        }
    }

    private func made(step: Int, part: Int) -> Result<Batch, any Error> {
        Result { try source.batch(step: step, part: part, of: total) }
    }
}
