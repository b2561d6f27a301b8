import Foundation
import Synchronization

/// Those who want to hear what happens in a service.
final class EventListeners: Sendable {
    /// Events that wait for a slow listener; of more, the oldest are dropped.
    private static let mostWaiting = 4_096
    private let listeners = Mutex([UUID: AsyncStream<DetectionEvent>.Continuation]())

    func stream() -> AsyncStream<DetectionEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: DetectionEvent.self, bufferingPolicy: .bufferingNewest(Self.mostWaiting))
        let key = UUID()
        listeners.withLock { $0[key] = continuation }
        continuation.onTermination = { [weak self] _ in _ = self?.listeners.withLock { $0.removeValue(forKey: key) } }
        return stream
    }

    func tell(_ event: DetectionEvent) {
        for listener in listeners.withLock({ Array($0.values) }) { listener.yield(event) }
    }

    /// No event will follow.
    func finish() {
        for listener in listeners.withLock({ Array($0.values) }) { listener.finish() }
    }
}
