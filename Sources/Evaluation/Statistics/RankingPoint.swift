/// One point of an ROC and of a precision-recall curve: images of at least this score are called positive.
///
/// Both curves start before the first point: ROC at (0, 0); precision has no value where nothing is called positive.
public struct RankingPoint: Codable, Hashable, Sendable {
    public var threshold: Double
    /// Share of the images with the finding that are called positive; recall by another name.
    public var sensitivity: Double
    /// Share of the images without the finding that are called positive: 1 - specificity.
    public var falsePositiveRate: Double
    /// Share of the images called positive that have the finding.
    public var precision: Double

    public init(threshold: Double, sensitivity: Double, falsePositiveRate: Double, precision: Double) {
        self.threshold = threshold
        self.sensitivity = sensitivity
        self.falsePositiveRate = falsePositiveRate
        self.precision = precision
    }

    private enum CodingKeys: String, CodingKey {
        case threshold, sensitivity, precision
        case falsePositiveRate = "false_positive_rate"
    }
}
