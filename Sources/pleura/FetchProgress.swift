import Console
import Fetching
import Foundation

/// Tells a person how far a fetch is.
struct FetchProgress {
    private var tally: FetchTally
    private var bar: ByteProgress

    /// - Parameter remaining: Bytes to come of each file.
    init(remaining: [String: Int], isQuiet: Bool) {
        (tally, bar) = (FetchTally(remaining: remaining), ByteProgress(isQuiet: isQuiet))
    }

    mutating func show(_ event: FetchEvent) {
        tally.take(event)
        switch event {
        case .receiving(let name, _, _): draw(name)
        case .verifying(let name, let done, let size): draw("\(name): verifying, \(size > 0 ? 100 * done / size : 100) %")
        case .extracting(let name): draw("\(name): taking its images out", isForced: true)
        case .retrying(let name, let reason, let seconds):
            bar.note("\(name): \(reason); again in \(String(format: "%.0f", seconds)) s")
        case .again(let name, let reason): bar.note("\(name): \(reason); fetched once again")
        case .finished: break
        case .failed(let name, let reason): bar.failed(name, reason)
        }
    }

    /// Takes the bar away.
    mutating func clear() { bar.clear() }

    private mutating func draw(_ what: String, isForced: Bool = false) {
        bar.show(what, done: tally.done, of: tally.total, isForced: isForced)
    }
}
