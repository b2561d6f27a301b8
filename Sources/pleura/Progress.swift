import Foundation
import Outputs

/// How far a run is: a bar that is drawn over on a terminal, a plain line now and then elsewhere. All on standard error.
struct Progress {
    private let total: Int
    private let isQuiet: Bool
    private let isTerminal: Bool
    private let start = ContinuousClock.now
    private var done = 0
    private var lastShown: ContinuousClock.Instant?
    private var isBarShown = false

    init(total: Int, isQuiet: Bool) {
        self.total = total
        self.isQuiet = isQuiet
        isTerminal = StandardError.isTerminal
    }

    mutating func advance() {
        done += 1
        guard !isQuiet else { return }
        let now = ContinuousClock.now
        let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
        guard done == total || now - (lastShown ?? start) >= pause else { return }
        lastShown = now
        isTerminal ? drawBar(now) : StandardError.line("pleura: \(done) of \(total) done\(rate(now))")
    }

    /// Writes a line above the bar.
    mutating func failure(_ path: String, _ reason: String) {
        clear()
        StandardError.failure(path, reason)
    }

    /// Takes the bar away.
    mutating func clear() {
        guard isBarShown else { return }
        StandardError.write("\r\u{1B}[K")
        isBarShown = false
    }

    private mutating func drawBar(_ now: ContinuousClock.Instant) {
        let width = 30
        let filled = total > 0 ? width * done / total : width
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        StandardError.write("\r[\(bar)] \(done)/\(total)\(rate(now))\u{1B}[K")
        isBarShown = true
    }

    private func rate(_ now: ContinuousClock.Instant) -> String {
        let seconds = (now - start) / .seconds(1)
        guard seconds > 0, done > 0 else { return "" }
        let rate = Double(done) / seconds
        let left = Int((Double(total - done) / rate).rounded(.up))
        return String(format: ", %.1f a second, %d:%02d left", rate, left / 60, left % 60)
    }
}
