import Foundation

/// Which image is to be begun next. Images are begun in order, at most `window` ahead of the first one that is not delivered, so that what waits
/// for its turn to be delivered does not grow with the number of images.
final class PipelineFeed: @unchecked Sendable {
    // Everything is under the condition's lock.
    private let changed = NSCondition()
    private let total: Int
    private let window: Int
    private let isInterrupted: @Sendable () -> Bool
    private var begun = 0
    private var delivered = 0
    private var isClosed = false

    init(total: Int, window: Int, isInterrupted: @escaping @Sendable () -> Bool) {
        self.total = total
        self.window = max(1, window)
        self.isInterrupted = isInterrupted
    }

    /// - Returns: The next image, waited for; `nil` where no more are to be begun.
    func next() -> Int? {
        changed.lock()
        defer { changed.unlock() }
        while begun >= delivered + window, begun < total, !isClosed, !isInterrupted() { changed.wait() }
        guard begun < total, !isClosed, !isInterrupted() else { return nil }
        begun += 1
        return begun - 1
    }

    /// How many images there will be, once `next` has given `nil`.
    var count: Int {
        changed.lock()
        defer { changed.unlock() }
        return begun
    }

    func deliveredOne() {
        changed.lock()
        delivered += 1
        changed.broadcast()
        changed.unlock()
    }

    func close() {
        changed.lock()
        isClosed = true
        changed.broadcast()
        changed.unlock()
    }
}
