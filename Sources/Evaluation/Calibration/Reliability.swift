/// Whether scores are probabilities: of all that were given 0.3, three in ten should be true.
///
/// Bins are laid once, over the sample as it is, so that draws of the bootstrap fill the same bins.
public struct Reliability: Sendable {
    /// How the scores are parted.
    public enum Binning: String, Codable, Sendable {
        /// Bins of equal width over 0...1 (Guo, Pleiss, Sun and Weinberger, ICML 2017).
        case equalWidth = "equal width"
        /// Bins of about equally many scores: between quantiles (Nguyen and O'Connor, EMNLP 2015). Equal scores share a bin.
        case equalCount = "equal count"
    }

    private let sample: CalibrationSample
    /// Rising, one more than there are bins.
    private let edges: [Double]
    private let binOfEntry: [Int]

    /// - Parameter bins: At least 1.
    /// - Throws: `EvaluationError` where a score is not in 0...1.
    public init(_ sample: CalibrationSample, bins: Int = 10, binning: Binning = .equalWidth) throws(EvaluationError) {
        if let bad = sample.scores.firstIndex(where: { !(0...1).contains($0) }) {
            throw EvaluationError(.badScore, "score \(bad + 1) of \(sample.scores.count) is not in 0 to 1, so it is no probability")
        }
        let bins = max(1, bins)
        let edges: [Double]
        switch binning {
        case .equalWidth: edges = (0...bins).map { Double($0) / Double(bins) }
        case .equalCount:
            let sorted = sample.scores.sorted()
            edges = (0...bins).map { Quantile.of(sorted, Double($0) / Double(bins)) ?? 0 }
        }
        let inner = edges.dropFirst().dropLast()
        binOfEntry = sample.scores.map { score in inner.count { $0 < score } }
        self.sample = sample
        self.edges = edges
    }

    /// The bins that hold anything, by rising score.
    /// - Parameter weights: How often each image counts; `nil` is once.
    public func bins(weights: [Int]? = nil) -> [ReliabilityBin] {
        var counts = Array(repeating: 0.0, count: edges.count - 1), scores = counts, positives = counts
        for (entry, bin) in binOfEntry.enumerated() {
            let times = sample.times(entry, weights)
            counts[bin] += times
            scores[bin] += times * sample.scores[entry]
            if sample.outcomes[entry] { positives[bin] += times }
        }
        return counts.indices.filter { counts[$0] > 0 }.map { bin in
            ReliabilityBin(
                low: edges[bin], high: edges[bin + 1], count: Int(counts[bin]), meanScore: scores[bin] / counts[bin],
                rate: positives[bin] / counts[bin])
        }
    }

    /// Mean over the bins of how far what came is from what was said, weighted by how many are in the bin (Naeini, Cooper and
    /// Hauskrecht, AAAI 2015); `nil` where there is nothing.
    public func expectedCalibrationError(weights: [Int]? = nil) -> Double? {
        let bins = bins(weights: weights)
        let count = bins.reduce(0) { $0 + $1.count }
        guard count > 0 else { return nil }
        return bins.reduce(0) { $0 + Double($1.count) * abs($1.rate - $1.meanScore) } / Double(count)
    }

    /// Mean square of score less outcome (Brier, Monthly Weather Review 1950), in 0...1, lower is better; `nil` where there is nothing.
    public func brierScore(weights: [Int]? = nil) -> Double? {
        var (sum, count) = (0.0, 0.0)
        for entry in sample.scores.indices {
            let times = sample.times(entry, weights), gap = sample.scores[entry] - (sample.outcomes[entry] ? 1 : 0)
            sum += times * gap * gap
            count += times
        }
        return count > 0 ? sum / count : nil
    }
}
