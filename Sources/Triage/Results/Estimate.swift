import Foundation

/// A mean over replications and how far chance may have moved it, in minutes.
public struct Estimate: Codable, Hashable, Sendable {
    public var value: Double
    /// Ends of the 95 percent interval; `nil` where there is but one replication, or nothing is left to chance.
    public var low: Double?
    public var high: Double?

    public init(value: Double, low: Double? = nil, high: Double? = nil) {
        self.value = value
        self.low = low
        self.high = high
    }

    /// The mean of all studies of all replications. A replication may have any number of them, even none: the interval is that of a ratio of
    /// two means (Cochran, Sampling Techniques, 1977, section 6.4) with Student's t.
    /// - Parameters:
    ///   - sums: Of the values, one a replication.
    ///   - counts: Of the studies, likewise.
    package init?(sums: [Double], counts: [Int], isRandom: Bool = true) {
        let count = counts.reduce(0, +)
        guard count > 0 else { return nil }
        let value = sums.reduce(0, +) / Double(count)
        self.init(value: value)
        let replications = Double(sums.count)
        guard isRandom, replications > 1 else { return }
        let squares = zip(sums, counts).reduce(0) { $0 + ($1.0 - value * Double($1.1)) * ($1.0 - value * Double($1.1)) }
        let error = (squares / (replications * (replications - 1))).squareRoot() / (Double(count) / replications)
        let reach = StudentT.quantile975(freedom: sums.count - 1) * error
        (low, high) = (value - reach, value + reach)
    }
}

/// Student's distribution (Biometrika 1908).
package enum StudentT {
    private static let table = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622]

    /// What 97.5 percent lie below. From ten degrees of freedom on the expansion around the normal distribution (Abramowitz and Stegun, Handbook
    /// of Mathematical Functions, 26.7.5), right to 0.0005.
    /// - Parameter freedom: At least 1.
    package static func quantile975(freedom: Int) -> Double {
        if table.indices.contains(freedom - 1) { return table[freedom - 1] }
        let (z, n) = (1.959963984540054, Double(max(1, freedom)))
        let (first, second) = ((pow(z, 3) + z) / 4, (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96)
        let third = (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / 384
        return z + first / n + second / (n * n) + third / (n * n * n)
    }
}
