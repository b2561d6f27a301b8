import Foundation

/// The draws of a bootstrap, on all cores.
enum ParallelDraws {
    /// The results in order. `transform` runs on several threads.
    static func map<Value: Sendable>(_ count: Int, _ transform: @Sendable (Int) -> Value) -> [Value] {
        guard count > 0 else { return [] }
        // A few stretches a core: enough that none waits long for the last, few enough that handing over costs nothing.
        let stretches = min(count, 8 * max(1, ProcessInfo.processInfo.activeProcessorCount))
        let slots = Slots<Value>(count: stretches)
        DispatchQueue.concurrentPerform(iterations: stretches) { stretch in
            slots.set(stretch, (stretch * count / stretches..<(stretch + 1) * count / stretches).map(transform))
        }
        return slots.values
    }

    private final class Slots<Value: Sendable>: @unchecked Sendable {
        private let lock = NSLock()
        private var storage: [[Value]]
        init(count: Int) { storage = Array(repeating: [], count: count) }
        func set(_ index: Int, _ values: [Value]) { lock.withLock { storage[index] = values } }
        var values: [Value] { lock.withLock { storage.flatMap { $0 } } }
    }
}
