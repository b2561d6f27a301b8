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
        source: BatchSource, steps: Range<Int>, parts: Range<Int> = 0..<1, of total: Int = 1, ahead: Int = 3, threads: Int = 1
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
    package func takeNewFailures() -> [String] { work.source.store.takeNewFailures() }
}

/// What the threads share; it outlives the prefetcher until they have ended.
private final class Work: @unchecked Sendable {
    let source: BatchSource
    let parts: Range<Int>
    private let steps: Range<Int>
    private let total: Int
    private let ahead: Int
    private let condition = NSCondition()
    // Guarded by `condition`; batches are numbered from 0.
    private var next = 0
    private var wanted = 0
    private var ready: [Int: Result<Batch, any Error>] = [:]
    private var isStopped = false

    init(source: BatchSource, steps: Range<Int>, parts: Range<Int>, total: Int, ahead: Int) {
        (self.source, self.steps, self.parts, self.total, self.ahead) = (source, steps, parts, total, ahead)
    }

    private var end: Int { steps.count.multipliedReportingOverflow(by: parts.count).overflow ? .max : steps.count * parts.count }

    /// A thread's life: the next batch that nobody has begun, as long as it is not too far ahead.
    func run() {
        while true {
            condition.lock()
            while !isStopped, next >= end || next - wanted >= ahead { condition.wait() }
            guard !isStopped else {
                condition.unlock()
                return
            }
            let number = next
            next += 1
            condition.unlock()
            let batch = made(step: steps.lowerBound + number / parts.count, part: parts.lowerBound + number % parts.count)
            condition.lock()
            if number >= wanted { ready[number] = batch }
            condition.broadcast()
            condition.unlock()
        }
    }

    func take(step: Int, part: Int) throws -> Batch {
        guard steps.contains(step), parts.contains(part) else { return try made(step: step, part: part).get() }
        let number = (step - steps.lowerBound) * parts.count + part - parts.lowerBound
        condition.lock()
        guard number >= wanted else {
            condition.unlock()
            return try made(step: step, part: part).get()
        }
        if number > wanted {
            // Some were passed over.
            wanted = number
            next = max(next, number)
            ready = ready.filter { $0.key >= number }
            condition.broadcast()
        }
        while ready[number] == nil { condition.wait() }
        let batch = ready.removeValue(forKey: number)
        wanted = number + 1
        condition.broadcast()
        condition.unlock()
        return try (batch ?? made(step: step, part: part)).get()
    }

    func stop() {
        condition.lock()
        isStopped = true
        ready = [:]
        condition.broadcast()
        condition.unlock()
    }

    private func made(step: Int, part: Int) -> Result<Batch, any Error> {
        Result { try source.batch(step: step, part: part, of: total) }
    }
}
