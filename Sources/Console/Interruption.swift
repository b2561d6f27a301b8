import Foundation
import Outputs
import Synchronization

/// SIGINT and SIGTERM as a wish to stop soon: what has been begun is finished and written. The second one ends the program at once.
///
/// Unchecked Sendable: the sources are not touched between `init` and `deinit`.
package final class Interruption: @unchecked Sendable {
    private let received = Atomic<Int32>(0)
    // Hears for as long as the object lives.
    private let sources: [any DispatchSourceSignal]

    package init() {
        let queue = DispatchQueue(label: "interruption")
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
            source.setEventHandler { [weak self] in
                guard let self else { return }
                let (isFirst, _) = self.received.compareExchange(expected: 0, desired: number, ordering: .relaxed)
                if isFirst {
                    StandardError.line("pleura: interrupted: finishing what has been begun (once more to stop at once)")
                } else {
                    _exit(128 + number)
                }
            }
            source.resume()
        }
    }

    deinit {
        for source in sources { source.cancel() }
        // After an interruption the program ends with its exit code: one signal more must not end it without.
        guard signalNumber == nil else { return }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }

    /// The signal that came; `nil` where none did.
    package var signalNumber: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
