import Foundation
import Synchronization

/// Tells everybody who listens what happens, with numbers that count up: who was away for a while says which number was the last, and gets the rest.
public final class EventFeed: Sendable {
    public struct Numbered: Hashable, Sendable {
        public let number: UInt64
        public let event: DepartmentEvent
    }

    /// What a listener gets.
    public enum Item: Hashable, Sendable {
        case event(Numbered)
        /// Some events were missed and are forgotten: what is shown has to be fetched anew. With the number to go on from.
        case reset(UInt64)
    }

    private struct State {
        var next: UInt64
        var last: [Numbered] = []
        var listeners: [UInt64: AsyncStream<Item>.Continuation] = [:]
        var nextListener: UInt64 = 0
    }

    private let state: Mutex<State>
    /// How many events are remembered.
    private static let memory = 2_000
    /// How many may wait for a listener who is slow; then the oldest are dropped, and the listener sees the gap in the numbers.
    private static let mostWaiting = 4_000

    package init() {
        // Numbers of an earlier program are below those of this one, so that its listeners are told to fetch anew.
        state = Mutex(State(next: UInt64(Date().timeIntervalSince1970 * 1_000) * 1_000))
    }

    public var listenerCount: Int { state.withLock { $0.listeners.count } }

    package func publish(_ event: DepartmentEvent) {
        state.withLock { state in
            let numbered = Numbered(number: state.next, event: event)
            state.next += 1
            state.last.append(numbered)
            if state.last.count > 2 * Self.memory { state.last.removeFirst(Self.memory) }
            for listener in state.listeners.values { listener.yield(.event(numbered)) }
        }
    }

    /// - Parameter after: The number of the last event that was seen; `nil` for what happens from now on.
    public func listen(after: UInt64? = nil) -> (id: UInt64, items: AsyncStream<Item>) {
        let (stream, continuation) = AsyncStream<Item>.makeStream(bufferingPolicy: .bufferingNewest(Self.mostWaiting))
        let id = state.withLock { state in
            state.nextListener += 1
            let newest = state.next - 1
            if let after {
                let oldest = state.last.first?.number ?? state.next
                if after > newest || after + 1 < oldest {
                    continuation.yield(.reset(newest))
                } else {
                    for event in state.last where event.number > after { continuation.yield(.event(event)) }
                }
            }
            state.listeners[state.nextListener] = continuation
            return state.nextListener
        }
        // Whoever drops the stream without a word is no listener any more.
        continuation.onTermination = { [weak self] _ in self?.forget(id) }
        return (id, stream)
    }

    public func leave(_ id: UInt64) { state.withLock { $0.listeners.removeValue(forKey: id) }?.finish() }

    private func forget(_ id: UInt64) { _ = state.withLock { $0.listeners.removeValue(forKey: id) } }

    /// Ends every listener's stream.
    func end() {
        for listener in state.withLock({ state in
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }) { listener.finish() }
    }
}
