import Synchronization

/// Wakes whoever waits, at once or after a while.
final class Bell: Sendable {
    private struct State {
        var count: UInt64 = 0
        var next: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// How often it rang.
    var count: UInt64 { state.withLock { $0.count } }

    func ring() {
        let all = state.withLock { state in
            state.count += 1
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for waiting in all { waiting.resume() }
    }

    /// Returns when it has rung more often than `count`, or after `longest`.
    func wait(after count: UInt64, atMost longest: Duration) async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let alarm = Task {
            try await Task.sleep(for: longest)
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard state.count == count else { return true }
                state.waiting[number] = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
        alarm.cancel()
    }
}
