import Basics
import Foundation
import Outputs
import Synchronization

/// How far some work is: a bar that is drawn over on a terminal, a plain line now and then elsewhere. All on standard error.
package final class ProgressBar: WorkObserver {
    /// One stretch of the work.
    fileprivate struct Stretch {
        let total: Int
        var done = 0
        var line = StatusLine(pause: .seconds(5))
    }

    /// Failures and warnings are said all the same.
    private let isQuiet: Bool
    private let showsBar: Bool
    private let stretch = Mutex(Stretch?.none)

    /// - Parameter showsBar: Whether it is told how far the work is, unless it is quiet.
    package init(isQuiet: Bool, showsBar: Bool = true) {
        self.isQuiet = isQuiet
        self.showsBar = showsBar && !isQuiet
    }

    package func begin(_ total: Int) { stretch.withLock { $0 = Stretch(total: total) } }

    package func advance() { stretch.withLock { $0?.advance(isShown: showsBar) } }

    /// For work that says how much it is when it is under way. Any thread may call it.
    package func advance(of total: Int) {
        stretch.withLock { stretch in
            if stretch == nil { stretch = Stretch(total: total) }
            stretch?.advance(isShown: showsBar)
        }
    }

    package func end() {
        stretch.withLock { stretch in
            stretch?.line.clear()
            stretch = nil
        }
    }

    package func failed(_ name: String, _ reason: String) {
        aboveTheBar { StandardError.failure(name, reason) }
    }

    package func note(_ text: String) {
        if !isQuiet { warn(text) }
    }

    package func warn(_ text: String) {
        aboveTheBar { StandardError.line("pleura: \(text)") }
    }

    private func aboveTheBar(_ write: () -> Void) {
        stretch.withLock { stretch in
            stretch?.line.clear()
            write()
        }
    }
}

extension ProgressBar.Stretch {
    fileprivate mutating func advance(isShown: Bool) {
        done += 1
        guard isShown, line.isDue(isForced: done == total) else { return }
        guard line.isTerminal else { return StandardError.line("pleura: \(done) of \(total) done\(rate)") }
        let width = 30
        line.draw("\(StatusLine.bar(filled: total > 0 ? width * done / total : width, of: width)) \(done)/\(total)\(rate)")
    }

    private var rate: String {
        let seconds = line.seconds
        guard seconds > 0, done > 0 else { return "" }
        let rate = Double(done) / seconds
        let left = Int((Double(total - done) / rate).rounded(.up))
        return String(format: ", %.1f a second, %d:%02d left", rate, left / 60, left % 60)
    }
}
