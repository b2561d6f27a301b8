import Synchronization

/// A request on its way through a service. It is answered once: with an answer or with the reason why there is none.
final class DetectionJob: Sendable {
    typealias Result = Swift.Result<DetectionAnswer, any Error>

    /// Nobody asked for it any more when it was its turn.
    struct NotBegun: Error {}

    let request: DetectionRequest
    /// Asked once, when it is its turn.
    let isWanted: @Sendable () -> Bool
    /// Where its steps are timed; `nil` for nowhere.
    let clock: PipelineClock?
    private let accepted = ContinuousClock.now
    private let state: Mutex<State>

    private struct State {
        var number: UInt64 = 0
        var isAnswered = false
        var hear: (@Sendable (Result) -> Void)?
        /// What it was answered with before anybody listened; an answer may hold an image's pixels, so it is kept no longer than that.
        var early: Result?
    }

    /// - Parameter hear: Takes the answer, on the thread that made it.
    init(
        _ request: DetectionRequest, isWanted: @escaping @Sendable () -> Bool = { true }, clock: PipelineClock? = nil,
        hear: (@Sendable (Result) -> Void)? = nil
    ) {
        (self.request, self.isWanted, self.clock) = (request, isWanted, clock)
        state = Mutex(State(hear: hear))
    }

    /// The number that the service gave it; 0 before it was accepted.
    var number: UInt64 { state.withLock { $0.number } }

    /// - Returns: Whether it is still to be answered.
    func accept(as number: UInt64) -> Bool {
        state.withLock { state in
            guard !state.isAnswered else { return false }
            state.number = number
            return true
        }
    }

    var age: Duration { .now - accepted }

    var isAnswered: Bool { state.withLock { $0.isAnswered } }

    /// Listens for the answer, which may be there already.
    func listen(_ hear: @escaping @Sendable (Result) -> Void) {
        let early = state.withLock { state in
            defer { state.early = nil }
            if !state.isAnswered { state.hear = hear }
            return state.early
        }
        if let early { hear(early) }
    }

    /// - Returns: Whether it was not answered before.
    @discardableResult
    func answer(_ result: Result) -> Bool {
        let (isFirst, hear) = state.withLock { state in
            guard !state.isAnswered else { return (false, (@Sendable (Result) -> Void)?.none) }
            let hear = state.hear
            (state.isAnswered, state.hear, state.early) = (true, nil, hear == nil ? result : nil)
            return (true, hear)
        }
        hear?(result)
        return isFirst
    }
}
