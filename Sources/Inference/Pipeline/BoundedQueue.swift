import Foundation

/// A line between two steps that run at the same time: whoever puts in waits while it is full, whoever takes out waits while it is empty.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    // Everything is under the condition's lock.
    private let changed = NSCondition()
    private let capacity: Int
    private var elements: [Element] = []
    private var isClosed = false

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// - Returns: Whether it was taken; never once the queue is closed.
    @discardableResult
    func put(_ element: Element) -> Bool {
        changed.lock()
        defer { changed.unlock() }
        while elements.count >= capacity, !isClosed { changed.wait() }
        guard !isClosed else { return false }
        elements.append(element)
        changed.broadcast()
        return true
    }

    /// - Returns: The element that has waited longest; `nil` once the queue is closed.
    func take() -> Element? {
        changed.lock()
        defer { changed.unlock() }
        while elements.isEmpty, !isClosed { changed.wait() }
        guard !isClosed else { return nil }
        let first = elements.removeFirst()
        changed.broadcast()
        return first
    }

    /// Drops what is in it and lets everybody go.
    func close() {
        changed.lock()
        isClosed = true
        elements = []
        changed.broadcast()
        changed.unlock()
    }
}
