/// A rising line of straight pieces from a detector's score to a probability, level outside its ends.
///
/// Zadrozny and Elkan, KDD 2002. It never falls, so calibrated scores never rank against the scores, but those of a level piece become equal.
public struct IsotonicCalibration: Codable, Hashable, Sendable {
    /// Where the line bends, rising strictly; at least one.
    public let scores: [Double]
    /// The probability at each, in 0...1, never falling.
    public let probabilities: [Double]

    /// - Returns: `nil` unless the lists are as long, not empty, and as their descriptions say.
    public init?(scores: [Double], probabilities: [Double]) {
        guard !scores.isEmpty, scores.count == probabilities.count, scores.allSatisfy(\.isFinite),
            probabilities.allSatisfy((0...1).contains), zip(scores, scores.dropFirst()).allSatisfy({ $0 < $1 }),
            zip(probabilities, probabilities.dropFirst()).allSatisfy({ $0 <= $1 })
        else { return nil }
        self.scores = scores
        self.probabilities = probabilities
    }

    /// The probability, in 0...1; not a number for a score that is none.
    /// - Complexity: O(log n) in the bends.
    public func probability(of score: Double) -> Double {
        guard !score.isNaN else { return .nan }
        // The first bend at or above the score.
        var (low, high) = (0, scores.count)
        while low < high {
            let middle = (low + high) / 2
            if scores[middle] < score { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return probabilities[0] }
        guard low < scores.count else { return probabilities[scores.count - 1] }
        let share = (score - scores[low - 1]) / (scores[low] - scores[low - 1])
        return probabilities[low - 1] + (probabilities[low] - probabilities[low - 1]) * share
    }

    /// - Throws: `DecodingError` for a line that falls or has no bends.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let read = IsotonicCalibration(
            scores: try values.decode([Double].self, forKey: .scores),
            probabilities: try values.decode([Double].self, forKey: .probabilities))
        guard let read else {
            throw DecodingError.dataCorruptedError(
                forKey: .scores, in: values, debugDescription: "not a line of probabilities that rises over rising scores")
        }
        self = read
    }
}
