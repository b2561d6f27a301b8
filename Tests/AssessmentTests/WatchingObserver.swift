import Basics
import Synchronization

/// Keeps all that it is told.
final class WatchingObserver: WorkObserver {
    struct Seen: Sendable {
        var totals: [Int] = []
        var steps = 0
        var ends = 0
        var failures: [(name: String, reason: String)] = []
        var notes: [String] = []
    }

    private let state = Mutex(Seen())

    var seen: Seen { state.withLock { $0 } }

    func begin(_ total: Int) { state.withLock { $0.totals.append(total) } }
    func advance() { state.withLock { $0.steps += 1 } }
    func end() { state.withLock { $0.ends += 1 } }
    func failed(_ name: String, _ reason: String) { state.withLock { $0.failures.append((name, reason)) } }
    func note(_ text: String) { state.withLock { $0.notes.append(text) } }
    func warn(_ text: String) { note(text) }
}
