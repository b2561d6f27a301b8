import Foundation
import Models

extension PlattScaling {
    /// Fits the curve by maximum likelihood: Newton's method with backtracking, to Platt's targets (Lin, Lin and Weng, A note on Platt's
    /// probabilistic outputs for support vector machines, Machine Learning 2007). The targets stand a little inside 0 and 1, so that the
    /// curve is finite even where the scores part true from false cleanly.
    /// - Throws: `EvaluationError` where all or none are true, or where the scores do not rise with the truth.
    public init(fitting sample: CalibrationSample, input: Input = .score) throws(EvaluationError) {
        try sample.checkBothKinds()
        let values = sample.scores.map(input.value)
        // In units of their own spread around their own middle, so that Newton's step is well scaled whatever the scores' range.
        let centre = values.reduce(0, +) / Double(values.count)
        let spread = (values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count)).squareRoot()
        let positives = Double(sample.positives), negatives = Double(values.count) - positives
        let line = LogisticLine(
            values: spread > 0 ? values.map { ($0 - centre) / spread } : [],
            targets: sample.outcomes.map { $0 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2) },
            intercept: log((positives + 1) / (negatives + 1)))
        let slope = line.slope / spread
        guard spread > 0, let fitted = PlattScaling(input: input, slope: slope, intercept: line.intercept - slope * centre) else {
            throw EvaluationError(.notRising, "the scores do not rise with the truth, so no rising curve fits them")
        }
        self = fitted
    }
}

/// The line z = slope · x + intercept under which the targets are likeliest, with probabilities 1 / (1 + exp(-z)).
private struct LogisticLine {
    private(set) var slope = 0.0
    private(set) var intercept: Double

    init(values: [Double], targets: [Double], intercept start: Double) {
        intercept = start
        var loss = Self.loss(values, targets, slope, intercept)
        for _ in 0..<100 {
            // Gradient, and Hessian with the paper's ridge, which keeps it invertible.
            var (g0, g1, h00, h01, h11) = (0.0, 0.0, 1e-12, 0.0, 1e-12)
            for (x, target) in zip(values, targets) {
                let p = 1 / (1 + exp(-(slope * x + intercept)))
                let curvature = p * (1 - p)
                g0 += (p - target) * x
                g1 += p - target
                h00 += curvature * x * x
                h01 += curvature * x
                h11 += curvature
            }
            let determinant = h00 * h11 - h01 * h01
            let step0 = -(h11 * g0 - h01 * g1) / determinant, step1 = -(h00 * g1 - h01 * g0) / determinant
            // What the step promises to gain, times two; below rounding there is nothing left to gain.
            let promise = -(g0 * step0 + g1 * step1)
            guard promise > 1e-22 else { return }
            var share = 1.0
            while true {
                let trial = Self.loss(values, targets, slope + share * step0, intercept + share * step1)
                if trial <= loss - 1e-4 * share * promise {
                    loss = trial
                    break
                }
                // So close that the loss can no longer tell: the full step is right, as it is a Newton step at the bottom.
                if promise < 1e-10 { share = 1 }
                if promise < 1e-10 || share < 1e-10 { break }
                share /= 2
            }
            slope += share * step0
            intercept += share * step1
        }
    }

    /// Negative log-likelihood, written so that it does not overflow.
    private static func loss(_ values: [Double], _ targets: [Double], _ slope: Double, _ intercept: Double) -> Double {
        zip(values, targets).reduce(0) { sum, pair in
            let z = slope * pair.0 + intercept
            return sum + max(z, 0) + log1p(exp(-abs(z))) - pair.1 * z
        }
    }
}
