import Datasets
import Foundation

/// Brings one file's bytes from a server into its `PartialFile`, over as many connections as it takes.
struct FileDownload {
    let file: RemoteFile
    /// One after another, where a server does not have the file under the name before.
    let addresses: [URL]
    let limits: FetchLimits
    let available: @Sendable () -> Int?
    let report: (FetchEvent) -> Void

    /// - Throws: `DatasetError` where the file cannot be had.
    func run(into partial: PartialFile) throws {
        if let total = file.byteCount {
            // Ended between the last byte and the check, or left by something else that is too long.
            if partial.byteCount == total { return }
            if partial.byteCount > total { partial.remove() }
        }
        var reason = "it has no address"
        for address in addresses {
            switch try fetch(address, partial) {
            case .none: return
            case .some(let missing): reason = missing
            }
        }
        throw DatasetError(.cannotFetch, reason)
    }

    /// - Returns: Nil when all is here; else why this address has nothing.
    private func fetch(_ address: URL, _ partial: PartialFile) throws -> String? {
        var failures = 0
        var farthest = partial.byteCount
        while true {
            let transfer = HTTPTransfer(file: file, from: address, into: partial, limits: limits, available: available)
            let ending = transfer.run { done, total in report(.receiving(file: file.name, done: done, total: total ?? file.byteCount)) }
            var (reason, wait): (String, Double?) = ("the connection was cut", nil)
            var allowed = limits.attempts
            switch ending {
            case .ended:
                let total = file.byteCount ?? partial.version?.total
                if total.map({ partial.byteCount >= $0 }) ?? true { return nil }
                reason = "the server ended before the promised length"
            case .cut(let why): reason = why
            case .unreachable(let why): (reason, allowed) = (why, min(3, limits.attempts))
            case .failed(let why): throw DatasetError(.cannotFetch, why)
            case .decided(.complete): return nil
            case .decided(.notThere(let why)): return why
            case .decided(.refuse(let why)): throw DatasetError(.cannotFetch, why)
            case .decided(.tryLater(let why, let seconds)): (reason, wait) = (why, seconds)
            case .decided(.startOver):
                partial.remove()
                reason = "the server has another version"
            case .decided(.receive), .redirected: break
            }
            // Only what is further than ever counts, or a server that starts over each time would keep us for ever.
            failures = partial.byteCount > farthest ? 0 : failures + 1
            farthest = max(farthest, partial.byteCount)
            guard failures < allowed else { throw DatasetError(.cannotFetch, "\(reason) (\(allowed) attempts)") }
            let pause = min(wait ?? limits.pause(after: max(0, failures - 1)), limits.longestPause)
            report(.retrying(file: file.name, reason: reason, seconds: pause))
            Thread.sleep(forTimeInterval: pause)
        }
    }
}

extension DatasetError.Code {
    /// A file that is not to be had, or not the published one.
    public static let cannotFetch = DatasetError.Code(rawValue: "cannot fetch")
}
