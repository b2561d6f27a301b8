import Foundation

/// Work on many things at once.
package enum Concurrent {
    /// The results in order. `transform` runs on several threads.
    /// - Parameter stretch: How many items a thread takes at once; 1 where each is a picture to decode.
    package static func map<Value: Sendable>(_ count: Int, stretch: Int? = nil, _ transform: @Sendable (Int) -> Value) -> [Value] {
        guard count > 0 else { return [] }
        let slots = Slots<Value>(count: count)
        // Stretches rather than single items: most of this work is a few microseconds an item.
        let stretch = stretch ?? max(1, min(64, count / 16))
        DispatchQueue.concurrentPerform(iterations: (count + stretch - 1) / stretch) { part in
            for index in part * stretch..<min(count, (part + 1) * stretch) { slots.set(index, transform(index)) }
        }
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
