import Basics

/// A line with two lanes between two steps that run at the same time. Whoever puts in waits while the lane is full, whoever takes out waits while
/// there is nothing for him.
///
/// What is urgent goes first. But nobody waits for ever: an element that has waited for `patience` counts as urgent.
package final class LaneQueue<Element: Sendable>: Sendable {
    /// What a thread takes.
    package enum Choice: Sendable {
        /// Urgent elements first, then the others.
        case any
        case nowOnly
        /// Others, and those only while no urgent element is in the line or taken and not done: they would share the cores with it.
        case soonInPeace
    }

    private struct Waiting: Sendable {
        let element: Element
        let since: ContinuousClock.Instant
    }

    private struct Lanes: Sendable {
        var now: [Waiting] = []
        var soon: [Waiting] = []
        /// Urgent elements that were taken and are not done.
        var urgentTaken = 0
        var isClosed = false
    }

    private let capacity: Int
    private let patience: Duration
    private let lanes = Monitor(Lanes())

    /// - Parameter capacity: Of each lane.
    package init(capacity: Int = .max, patience: Duration) {
        (self.capacity, self.patience) = (max(1, capacity), patience)
    }

    /// Waits for a place.
    /// - Returns: Whether it was taken; never once the line is closed.
    @discardableResult
    package func put(_ element: Element, _ urgency: Urgency) -> Bool {
        lanes.change(when: { $0.isClosed || count(urgency, $0) < capacity }) { add(element, urgency, to: &$0) }
    }

    /// What came of an element that does not wait for a place.
    package enum Offer { case taken, full, closed }

    package func offer(_ element: Element, _ urgency: Urgency) -> Offer {
        lanes.change { lanes in
            guard lanes.isClosed || count(urgency, lanes) < capacity else { return .full }
            return add(element, urgency, to: &lanes) ? .taken : .closed
        }
    }

    /// - Parameter isWanted: Asked of the element in its turn, before anybody can take the next one.
    /// - Returns: The element that is next, and whether it is still wanted; `nil` once the line is closed and empty.
    package func take(_ choice: Choice, isWanted: (Element) -> Bool = { _ in true }) -> (
        element: Element, urgency: Urgency, isWanted: Bool
    )? {
        lanes.change(when: { next(choice, $0) != nil || ($0.isClosed && $0.now.isEmpty && $0.soon.isEmpty) }) { lanes in
            guard let urgency = next(choice, lanes) else { return nil }
            let element: Element
            switch urgency {
            case .now:
                element = lanes.now.removeFirst().element
                lanes.urgentTaken += 1
            case .soon: element = lanes.soon.removeFirst().element
            }
            return (element, urgency, isWanted(element))
        }
    }

    /// To be called when what was taken is dealt with.
    package func done(_ urgency: Urgency) {
        if urgency == .now { lanes.change { $0.urgentTaken -= 1 } }
    }

    /// Takes out what nobody needs to deal with any more.
    package func remove(where isMeant: (Element) -> Bool) -> [Element] {
        lanes.change { lanes in
            let all = (lanes.now + lanes.soon).map(\.element).filter(isMeant)
            if !all.isEmpty {
                lanes.now.removeAll { isMeant($0.element) }
                lanes.soon.removeAll { isMeant($0.element) }
            }
            return all
        }
    }

    /// Nothing more is put in. What is in the line can still be taken.
    package func close() { lanes.change { $0.isClosed = true } }

    package var count: Int { lanes.change { $0.now.count + $0.soon.count } }

    private func add(_ element: Element, _ urgency: Urgency, to lanes: inout Lanes) -> Bool {
        guard !lanes.isClosed else { return false }
        let waiting = Waiting(element: element, since: .now)
        if urgency == .now { lanes.now.append(waiting) } else { lanes.soon.append(waiting) }
        return true
    }

    private func count(_ urgency: Urgency, _ lanes: Lanes) -> Int { urgency == .now ? lanes.now.count : lanes.soon.count }

    /// The lane whose first element a thread takes now.
    private func next(_ choice: Choice, _ lanes: Lanes) -> Urgency? {
        switch choice {
        case .nowOnly: return lanes.now.isEmpty ? nil : .now
        case .any:
            guard !lanes.now.isEmpty else { return lanes.soon.isEmpty ? nil : .soon }
            return isOverdue(lanes) ? .soon : .now
        case .soonInPeace:
            guard !lanes.soon.isEmpty else { return nil }
            return (lanes.now.isEmpty && lanes.urgentTaken == 0) || isOverdue(lanes) ? .soon : nil
        }
    }

    private func isOverdue(_ lanes: Lanes) -> Bool { lanes.soon.first.map { .now - $0.since >= patience } ?? false }
}
