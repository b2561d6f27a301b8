/// A figure of the images as they are, and of every draw of the patients.
public struct BootstrapDistribution: Hashable, Sendable {
    /// `nil` where the figure cannot be told, such as the average precision of a finding that nobody has.
    public let value: Double?
    /// In the order of the draws, only those that have the figure.
    public let draws: [Double]
    /// How many draws were made.
    public let attempted: Int
    private let sorted: [Double]

    /// - Parameters:
    ///   - draws: `nil` and numbers that are not finite are draws without the figure.
    public init(value: Double?, draws: [Double?]) {
        self.value = value.flatMap { $0.isFinite ? $0 : nil }
        self.draws = draws.compactMap { $0.flatMap { $0.isFinite ? $0 : nil } }
        attempted = draws.count
        sorted = self.draws.sorted()
    }

    /// Whether enough of the draws have the figure to speak of its spread: half of them.
    private var isEnough: Bool { draws.count >= 2 && draws.count * 2 >= attempted }

    /// The percentile interval (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
    /// - Parameter level: Share of the draws inside.
    /// - Returns: Without ends where fewer than half of the draws have the figure; `nil` where the images as they are do not have it.
    public func interval(level: Double = 0.95) -> ConfidenceInterval? {
        guard let value else { return nil }
        let tail = (1 - level) / 2
        guard isEnough else { return ConfidenceInterval(value: value) }
        return ConfidenceInterval(value: value, low: Quantile.of(sorted, tail), high: Quantile.of(sorted, 1 - tail))
    }

    /// Standard deviation over the draws; `nil` where fewer than half of them have the figure.
    public var standardError: Double? {
        guard isEnough else { return nil }
        let mean = draws.reduce(0, +) / Double(draws.count)
        return (draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count - 1)).squareRoot()
    }

    /// Two-sided probability of a difference at least as far from zero if there were none: twice the share of draws on the rarer side of
    /// zero, which is below 1 - level just where the interval of that level leaves zero out (Davison and Hinkley, Bootstrap Methods and
    /// their Application, 1997, sections 4.4 and 5.2; for two systems on one test set, Koehn, EMNLP 2004).
    ///
    /// One draw is added to either side, so that it is never zero. `nil` where fewer than half of the draws have the figure.
    public var pValue: Double? {
        guard value != nil, isEnough else { return nil }
        let rarer = min(draws.count { $0 <= 0 }, draws.count { $0 >= 0 })
        return min(1, 2 * Double(rarer + 1) / Double(draws.count + 1))
    }
}
