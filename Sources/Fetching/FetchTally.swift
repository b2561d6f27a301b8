/// How far a fetch of several files is, in bytes over all of them, from what it tells.
public struct FetchTally: Sendable {
    /// Bytes to come of each file, before the fetch began.
    private let remaining: [String: Int]
    /// Bytes that will have come at the end. What failed will not come any more.
    public private(set) var total: Int
    /// Bytes of files that are done with, and of the current one; what was here before counts in neither.
    private var (settled, current, first) = (0, 0, 0)
    private var file = ""

    /// - Parameter remaining: Bytes to come of each file.
    public init(remaining: [String: Int]) {
        self.remaining = remaining
        total = remaining.values.reduce(0, +)
    }

    /// Bytes that have come.
    public var done: Int { settled + current }

    public mutating func take(_ event: FetchEvent) {
        switch event {
        case .receiving(let name, let done, _):
            if name != file { (file, first, current) = (name, done, 0) }
            current = max(0, done - first)
        case .extracting(let name), .finished(let name, _): settle(name)
        case .failed(let name, _):
            let came = name == file ? current : 0
            total -= max(0, (remaining[name] ?? 0) - came)
            settled += came
            (file, current) = ("", 0)
        case .verifying, .retrying, .again: break
        }
    }

    private mutating func settle(_ name: String) {
        guard name == file else { return }
        settled += max(current, remaining[name] ?? 0)
        (file, current) = ("", 0)
    }
}
