import Evaluation
import Models

/// One finding's scores made into probabilities, twice: on all examples, for a card, and on other patients than each is judged on, for
/// a figure that can be believed.
struct CalibrationFitting {
    enum Method: String, CaseIterable { case platt, isotonic }

    /// Fitted on all examples.
    let curves: [Method: ScoreCalibration]
    /// One probability an example, from curves that never saw its patient.
    let probabilities: [Method: [Double]]

    /// - Parameters:
    ///   - groups: The group of each example's patient.
    /// - Throws: `EvaluationError` where there is too little to fit, or the scores do not rise with the truth.
    init(_ sample: CalibrationSample, groups: [Int]) throws(EvaluationError) {
        guard sample.positives >= 10, sample.outcomes.count - sample.positives >= 10 else {
            throw EvaluationError(
                .tooLittle, "\(sample.positives) of \(sample.outcomes.count) are true; a calibration needs ten true and ten false ones")
        }
        var curves: [Method: ScoreCalibration] = [:], probabilities: [Method: [Double]] = [:]
        for method in Method.allCases {
            curves[method] = try Self.fit(sample, method)
            var values = Array(repeating: Double.nan, count: sample.scores.count)
            for group in Set(groups) {
                let others = try sample.part { groups[$0] != group }
                let curve = try Self.fit(others, method)
                for index in values.indices where groups[index] == group { values[index] = curve.probability(of: sample.scores[index]) }
            }
            probabilities[method] = values
        }
        self.curves = curves
        self.probabilities = probabilities
    }

    /// The one whose cross-fitted probabilities are closer to the truth; of equal ones Platt's, which has two numbers to fit.
    func best(_ sample: CalibrationSample) -> ScoreCalibration? {
        func brier(_ method: Method) -> Double {
            zip(probabilities[method] ?? [], sample.outcomes).reduce(0) { $0 + ($1.0 - ($1.1 ? 1 : 0)) * ($1.0 - ($1.1 ? 1 : 0)) }
        }
        return curves[brier(.isotonic) < brier(.platt) ? .isotonic : .platt]
    }

    private static func fit(_ sample: CalibrationSample, _ method: Method) throws(EvaluationError) -> ScoreCalibration {
        switch method {
        case .platt:
            let isSigmoid = sample.scores.allSatisfy((0...1).contains)
            return .platt(try PlattScaling(fitting: sample, input: isSigmoid ? .logit : .score))
        case .isotonic: return .isotonic(try IsotonicCalibration(fitting: sample))
        }
    }
}

extension CalibrationSample {
    /// The examples at some positions.
    fileprivate func part(_ isIn: (Int) -> Bool) throws(EvaluationError) -> CalibrationSample {
        let chosen = scores.indices.filter(isIn)
        return try CalibrationSample(
            scores: chosen.map { scores[$0] }, outcomes: chosen.map { outcomes[$0] }, images: chosen.map { images[$0] })
    }
}
