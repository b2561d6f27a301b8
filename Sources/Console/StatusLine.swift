import Outputs

/// The last line of standard error: drawn over on a terminal, a plain line now and then elsewhere.
struct StatusLine {
    let isTerminal = StandardError.isTerminal
    /// When the work began.
    let start = ContinuousClock.now
    /// The shortest time between two lines where there is no terminal.
    private let pause: Duration
    private var lastShown: ContinuousClock.Instant?
    private var isShown = false

    init(pause: Duration) { self.pause = pause }

    /// Whether it is time for a line; the next is due some time later then.
    mutating func isDue(isForced: Bool) -> Bool {
        let now = ContinuousClock.now
        guard isForced || now - (lastShown ?? start) >= (isTerminal ? .milliseconds(100) : pause) else { return false }
        lastShown = now
        return true
    }

    /// On a terminal.
    mutating func draw(_ text: String) {
        StandardError.write("\r\(text)\u{1B}[K")
        isShown = true
    }

    /// Takes the line away.
    mutating func clear() {
        guard isShown else { return }
        StandardError.write("\r\u{1B}[K")
        isShown = false
    }

    /// Seconds since the beginning.
    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// Such as `[###.......]`.
    static func bar(filled: Int, of width: Int) -> String {
        "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    }
}
