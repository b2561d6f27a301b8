import Basics
import Foundation
import Outputs

/// How far a download is, in bytes: a bar that is drawn over on a terminal, a plain line now and then elsewhere. All on standard error.
package struct ByteProgress {
    private let isQuiet: Bool
    private var line = StatusLine(pause: .seconds(10))

    package init(isQuiet: Bool) { self.isQuiet = isQuiet }

    /// - Parameters:
    ///   - what: The file, and what is done with it.
    ///   - done: Bytes that have come.
    ///   - total: Bytes that will have come at the end.
    ///   - isForced: Whether it is shown although something was shown a moment ago.
    package mutating func show(_ what: String, done: Int, of total: Int, isForced: Bool = false) {
        guard !isQuiet, line.isDue(isForced: isForced) else { return }
        guard line.isTerminal else {
            return StandardError.line("pleura: \(what): \(ByteCount.text(done)) of \(ByteCount.text(total))\(rate(done, total))")
        }
        let width = 20
        let filled = total > 0 ? min(width, width * (done >> 10) / max(1, total >> 10)) : width
        let bar = StatusLine.bar(filled: filled, of: width)
        line.draw("\(bar) \(ByteCount.text(done))/\(ByteCount.text(total))\(rate(done, total)), \(what)")
    }

    /// A line above the bar, for those who like to know.
    package mutating func note(_ text: String) {
        guard !isQuiet else { return }
        clear()
        StandardError.line("pleura: \(text)")
    }

    package mutating func failed(_ name: String, _ reason: String) {
        clear()
        StandardError.failure(name, reason)
    }

    /// Takes the bar away.
    package mutating func clear() { line.clear() }

    private func rate(_ done: Int, _ total: Int) -> String {
        let seconds = line.seconds
        guard seconds > 0, done > 0 else { return "" }
        let rate = Double(done) / seconds
        let left = Int((Double(max(0, total - done)) / rate).rounded(.up))
        let time =
            left >= 3600
            ? String(format: "%d:%02d:%02d", left / 3600, left / 60 % 60, left % 60) : String(format: "%d:%02d", left / 60, left % 60)
        return ", \(ByteCount.text(Int(rate)))/s, \(time) left"
    }
}
