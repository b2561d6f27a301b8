import Foundation
import Synchronization

/// Work on many things at once, on Swift's own threads; of work that waits, use threads of its own.
package enum Concurrent {
    /// The results in order.
    /// - Parameters:
    ///   - stretch: How many items a thread takes at once; 1 where each is a picture to decode.
    ///   - serially: One after another, where the work is so small that threads would cost more.
    ///   - transform: Runs on several threads.
    package static func map<Value: Sendable>(
        _ count: Int, stretch: Int? = nil, serially: Bool = false, _ transform: @Sendable (Int) -> Value
    ) -> [Value] {
        guard count > 1, !serially else { return (0..<max(0, count)).map(transform) }
        let slots = Mutex([Value?](repeating: nil, count: count))
        // Stretches rather than single items: most of this work is a few microseconds an item.
        let stretch = stretch ?? max(1, min(64, count / 16))
        DispatchQueue.concurrentPerform(iterations: (count + stretch - 1) / stretch) { part in
            for index in part * stretch..<min(count, (part + 1) * stretch) {
                let value = transform(index)
                slots.withLock { $0[index] = value }
            }
        }
        return slots.withLock { $0 }.compactMap { $0 }
    }
}
