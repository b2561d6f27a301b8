import Foundation

/// A logistic curve from a detector's score to a probability: 1 / (1 + exp(-(slope · x + intercept))).
///
/// Platt, Probabilistic outputs for support vector machines, 1999. It rises strictly, so calibrated scores rank as the scores do.
public struct PlattScaling: Codable, Hashable, Sendable {
    /// What stands for x.
    public enum Input: String, Codable, Sendable {
        /// The score itself.
        case score
        /// ln(s / (1 - s)) of a score in 0...1: for the output of a sigmoid, whose line this straightens or shifts (Cox, Biometrika 1958).
        case logit

        /// - Parameter score: For `logit`, held within 1e-7 of 0 and 1, where a network's 32 bits end.
        public func value(of score: Double) -> Double {
            switch self {
            case .score: return score
            case .logit:
                let held = min(max(score, 1e-7), 1 - 1e-7)
                return log(held / (1 - held))
            }
        }
    }

    public let input: Input
    /// Positive.
    public let slope: Double
    public let intercept: Double

    /// - Returns: `nil` unless the slope is positive and both are finite.
    public init?(input: Input, slope: Double, intercept: Double) {
        guard slope > 0, slope.isFinite, intercept.isFinite else { return nil }
        self.input = input
        self.slope = slope
        self.intercept = intercept
    }

    /// The probability, in 0...1; not a number for a score that is none.
    public func probability(of score: Double) -> Double {
        1 / (1 + exp(-(slope * input.value(of: score) + intercept)))
    }

    /// - Throws: `DecodingError` for a curve that does not rise.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let read = PlattScaling(
            input: try values.decode(Input.self, forKey: .input), slope: try values.decode(Double.self, forKey: .slope),
            intercept: try values.decode(Double.self, forKey: .intercept))
        guard let read else {
            throw DecodingError.dataCorruptedError(forKey: .slope, in: values, debugDescription: "the curve does not rise")
        }
        self = read
    }
}
