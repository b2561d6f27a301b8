import Basics

/// Which image is to be begun next. Images are begun in order, at most `window` ahead of the first one that is not delivered, so that what waits
/// for its turn to be delivered does not grow with the number of images.
final class PipelineFeed: Sendable {
    private struct State: Sendable {
        var begun = 0
        var delivered = 0
        var isClosed = false
    }

    private let total: Int
    private let window: Int
    private let isInterrupted: @Sendable () -> Bool
    private let state = Monitor(State())

    init(total: Int, window: Int, isInterrupted: @escaping @Sendable () -> Bool) {
        self.total = total
        self.window = max(1, window)
        self.isInterrupted = isInterrupted
    }

    /// - Returns: The next image, waited for; `nil` where no more are to be begun.
    func next() -> Int? {
        state.change(when: { $0.begun < $0.delivered + window || isOver($0) }) { state in
            guard !isOver(state) else { return nil }
            state.begun += 1
            return state.begun - 1
        }
    }

    private func isOver(_ state: State) -> Bool { state.begun >= total || state.isClosed || isInterrupted() }

    /// How many images there will be, once `next` has given `nil`.
    var count: Int { state.change { $0.begun } }

    func deliveredOne() { state.change { $0.delivered += 1 } }

    func close() { state.change { $0.isClosed = true } }
}
