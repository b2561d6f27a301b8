import Foundation

/// A value that several threads share, and for whose changes they can wait. Where nobody waits, take a `Mutex`.
///
/// Unchecked Sendable: the value is touched only under the condition's lock.
package final class Monitor<Value: Sendable>: @unchecked Sendable {
    private let changed = NSCondition()
    private var value: Value

    package init(_ value: Value) { self.value = value }

    /// Changes the value, or reads it, and lets those who wait look at it again.
    /// - Parameters:
    ///   - isReady: What to wait for; asked again after every change.
    ///   - body: Runs under the lock.
    package func change<Result>(when isReady: (Value) -> Bool = { _ in true }, _ body: (inout Value) throws -> Result) rethrows -> Result {
        changed.lock()
        defer { changed.unlock() }
        while !isReady(value) { changed.wait() }
        defer { changed.broadcast() }
        return try body(&value)
    }
}
