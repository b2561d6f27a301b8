/// How patient a download is.
public struct FetchLimits: Hashable, Sendable {
    /// Seconds in which at least `leastBytes` have to come, the answer's header among them; else the connection counts as cut.
    public var stallSeconds: Double
    public var leastBytes: Int
    /// How many attempts in a row may bring nothing new; three at most where there is no connection at all.
    public var attempts: Int
    /// Seconds before the second attempt; doubled before each further one.
    public var firstPause: Double
    public var longestPause: Double
    public var redirects: Int

    public init(
        stallSeconds: Double = 60, leastBytes: Int = 4096, attempts: Int = 6, firstPause: Double = 1, longestPause: Double = 60,
        redirects: Int = 10
    ) {
        self.stallSeconds = stallSeconds
        self.leastBytes = leastBytes
        self.attempts = max(1, attempts)
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.redirects = redirects
    }

    /// Seconds before the next attempt.
    /// - Parameter failures: Attempts in a row that brought nothing new, from 0.
    func pause(after failures: Int) -> Double {
        var pause = firstPause
        for _ in 0..<min(max(0, failures), 30) where pause < longestPause { pause *= 2 }
        return min(pause, longestPause)
    }
}
