import Foundation

/// Two areas under the ROC curve of the same images, with their variances and covariance, without drawing anything (DeLong, DeLong and
/// Clarke-Pearson, Biometrics 1988; computed by midranks as Sun and Xu, IEEE Signal Processing Letters 2014).
///
/// Images are taken to be independent of each other: where a patient has several, `PatientBootstrap` is to be asked.
public struct CorrelatedAreas: Hashable, Sendable {
    public let first: Double
    public let second: Double
    public let firstVariance: Double
    public let secondVariance: Double
    public let covariance: Double

    /// Second less first.
    public var difference: Double { second - first }

    /// Of the difference.
    public var standardError: Double { max(0, firstVariance + secondVariance - 2 * covariance).squareRoot() }

    /// Two-sided, of no difference; 1 where both rank alike.
    public var pValue: Double {
        guard standardError > 0 else { return difference == 0 ? 1 : 0 }
        return 2 * NormalDistribution.cumulative(-abs(difference) / standardError)
    }

    /// - Parameters:
    ///   - first: One score an image; higher means that the finding is likelier.
    ///   - second: The same of the other model.
    ///   - truths: Whether the image has the finding; an image of unknown truth (`nil`) is left out.
    /// - Returns: `nil` where there are fewer than two images with the finding or two without it.
    /// - Throws: `EvaluationError` where the lists differ in length or a score is not a number.
    /// - Complexity: O(n log n).
    public init?(first: [Double], second: [Double], truths: [Bool?]) throws(EvaluationError) {
        guard first.count == truths.count, second.count == truths.count else {
            throw EvaluationError(.mismatch, "\(first.count) and \(second.count) scores for \(truths.count) images")
        }
        guard !first.contains(where: \.isNaN), !second.contains(where: \.isNaN) else {
            throw EvaluationError(.badScore, "a score is not a number")
        }
        let positives = truths.indices.filter { truths[$0] == true }
        let negatives = truths.indices.filter { truths[$0] == false }
        guard positives.count > 1, negatives.count > 1 else { return nil }
        let one = Self.components(first, positives, negatives)
        let other = Self.components(second, positives, negatives)
        func covariance(_ a: [Double], _ b: [Double]) -> Double {
            let (meanA, meanB) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
            return zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) } / Double(a.count - 1)
        }
        func joint(_ a: (ofPositives: [Double], ofNegatives: [Double]), _ b: (ofPositives: [Double], ofNegatives: [Double])) -> Double {
            covariance(a.ofPositives, b.ofPositives) / Double(positives.count)
                + covariance(a.ofNegatives, b.ofNegatives) / Double(negatives.count)
        }
        self.first = one.ofPositives.reduce(0, +) / Double(positives.count)
        self.second = other.ofPositives.reduce(0, +) / Double(positives.count)
        (firstVariance, secondVariance, self.covariance) = (joint(one, one), joint(other, other), joint(one, other))
    }

    /// How often each positive beats a negative, and each negative is beaten by a positive, ties counted half.
    private static func components(
        _ scores: [Double], _ positives: [Int], _ negatives: [Int]
    ) -> (ofPositives: [Double], ofNegatives: [Double]) {
        let together = midranks((positives + negatives).map { scores[$0] })
        let (own, others) = (midranks(positives.map { scores[$0] }), midranks(negatives.map { scores[$0] }))
        let ofPositives = positives.indices.map { (together[$0] - own[$0]) / Double(negatives.count) }
        let ofNegatives = negatives.indices.map { 1 - (together[positives.count + $0] - others[$0]) / Double(positives.count) }
        return (ofPositives, ofNegatives)
    }

    /// Ranks from 1, of equal values the mean of theirs.
    private static func midranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = Array(repeating: 0.0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
            for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
            start = end + 1
        }
        return ranks
    }
}
