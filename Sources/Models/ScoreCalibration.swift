/// What makes a probability of a detector's score. In JSON `method` says which it is, beside its numbers.
public enum ScoreCalibration: Codable, Hashable, Sendable {
    case platt(PlattScaling)
    case isotonic(IsotonicCalibration)

    /// The probability, in 0...1, never falling with the score; not a number for a score that is none.
    public func probability(of score: Double) -> Double {
        switch self {
        case .platt(let curve): curve.probability(of: score)
        case .isotonic(let line): line.probability(of: score)
        }
    }

    private enum Method: String, Codable { case platt, isotonic }
    private enum CodingKeys: String, CodingKey { case method }

    public init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: CodingKeys.self).decode(Method.self, forKey: .method) {
        case .platt: self = .platt(try PlattScaling(from: decoder))
        case .isotonic: self = .isotonic(try IsotonicCalibration(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .platt(let curve):
            try values.encode(Method.platt, forKey: .method)
            try curve.encode(to: encoder)
        case .isotonic(let line):
            try values.encode(Method.isotonic, forKey: .method)
            try line.encode(to: encoder)
        }
    }
}
