import Foundation
import PleuraTesting

/// What `Tests/Oracles/evaluation_statistics.py` wrote: what scikit-learn, numpy and SciPy make of random scores.
struct StatisticsOracle: Decodable, Sendable {
    struct Ranking: Decodable, Sendable {
        var scores: [Double]
        var truths: [Bool]
        /// How often each image counts in a draw.
        var times: [Int]
        var auroc: Double?
        var averagePrecision: Double?
        var aurocDrawn: Double?
        var averagePrecisionDrawn: Double?
        /// Threshold, sensitivity, false positive rate.
        var curve: [[Double]]?
        /// Threshold, recall, precision.
        var precision: [[Double]]?
    }
    struct Percentiles: Decodable, Sendable {
        var values: [Double]
        var low: Double
        var high: Double
        var deviation: Double
    }
    struct NormalQuantile: Decodable, Sendable {
        var share: Double
        var quantile: Double
    }
    struct Bins: Decodable, Sendable {
        var rates: [Double]
        var means: [Double]
        var counts: [Int]
        var error: Double
    }
    struct Calibration: Decodable, Sendable {
        var scores: [Double]
        var truths: [Bool]
        var asked: [Double]
        var slope: Double
        var intercept: Double
        var logitSlope: Double
        var logitIntercept: Double
        /// Slope and intercept by another minimiser.
        var minimised: [Double]
        var platt: [Double]
        var isotonic: [Double]
        var brier: Double
        var equalWidth: Bins
        var equalCount: Bins
    }

    var rankings: [Ranking]
    var percentiles: [Percentiles]
    var normalQuantiles: [NormalQuantile]
    var calibrations: [Calibration]

    static func read() throws -> StatisticsOracle {
        try Oracle("evaluation_statistics").read(StatisticsOracle.self, from: "cases.json", keys: .convertFromSnakeCase)
    }
}

/// Whether two numbers are equal to within rounding; two missing ones are.
func isClose(_ one: Double?, _ other: Double?, within tolerance: Double = 1e-12) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return abs(one - other) <= tolerance
}

/// The mean of values that count so often.
func weightedMean(_ values: [Double], _ times: [Int]) -> Double {
    var (sum, count) = (0.0, 0)
    for (value, times) in zip(values, times) {
        sum += value * Double(times)
        count += times
    }
    return sum / Double(count)
}
