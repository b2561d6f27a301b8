import Basics

/// A line between two steps that run at the same time: whoever puts in waits while it is full, whoever takes out waits while it is empty.
final class BoundedQueue<Element: Sendable>: Sendable {
    private struct Line: Sendable {
        var elements: [Element] = []
        var isClosed = false
    }

    private let capacity: Int
    private let line = Monitor(Line())

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// - Returns: Whether it was taken; never once the queue is closed.
    @discardableResult
    func put(_ element: Element) -> Bool {
        line.change(when: { $0.elements.count < capacity || $0.isClosed }) { line in
            guard !line.isClosed else { return false }
            line.elements.append(element)
            return true
        }
    }

    /// - Returns: The element that has waited longest; `nil` once the queue is closed.
    func take() -> Element? {
        line.change(when: { !$0.elements.isEmpty || $0.isClosed }) { $0.isClosed ? nil : $0.elements.removeFirst() }
    }

    /// Drops what is in it and lets everybody go.
    func close() { line.change { $0 = Line(isClosed: true) } }
}
