import Foundation

/// Work on many things at once.
enum Concurrent {
    /// The results in order. `transform` runs on several threads unless `serially`.
    static func map<Value: Sendable>(_ count: Int, serially: Bool, _ transform: @Sendable (Int) -> Value) -> [Value] {
        guard count > 1, !serially else { return (0..<max(0, count)).map(transform) }
        let slots = Slots<Value>(count: count)
        DispatchQueue.concurrentPerform(iterations: count) { slots.set($0, transform($0)) }
        return slots.values
    }

    private final class Slots<Value: Sendable>: @unchecked Sendable {
        private let lock = NSLock()
        private var storage: [Value?]
        init(count: Int) { storage = Array(repeating: nil, count: count) }
        func set(_ index: Int, _ value: Value) { lock.withLock { storage[index] = value } }
        var values: [Value] { lock.withLock { storage.compactMap { $0 } } }
    }
}
