/// Scores close to each other, and how often what they were given to is true: one point of a reliability diagram.
public struct ReliabilityBin: Codable, Hashable, Sendable {
    /// Scores above this (the first bin: from it on) ...
    public var low: Double
    /// ... and up to this.
    public var high: Double
    public var count: Int
    /// Mean of the scores: what was said.
    public var meanScore: Double
    /// Share that is true: what came.
    public var rate: Double

    public init(low: Double, high: Double, count: Int, meanScore: Double, rate: Double) {
        self.low = low
        self.high = high
        self.count = count
        self.meanScore = meanScore
        self.rate = rate
    }

    private enum CodingKeys: String, CodingKey {
        case low, high, count, rate
        case meanScore = "mean_score"
    }
}
