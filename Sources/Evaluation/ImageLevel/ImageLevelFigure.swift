/// How well the scores of whole images tell those with a finding from those without.
public struct ImageLevelFigure: Codable, Hashable, Sendable {
    /// Images with the finding.
    public var positives: Int
    /// Images known to be without it.
    public var negatives: Int
    /// Area under the ROC curve; `nil` where there are no positives or no negatives.
    public var auroc: ConfidenceInterval?
    /// Average precision, which chance alone brings to the share of positives; `nil` as above.
    public var averagePrecision: ConfidenceInterval?

    package init(positives: Int, negatives: Int, auroc: ConfidenceInterval?, averagePrecision: ConfidenceInterval?) {
        self.positives = positives
        self.negatives = negatives
        self.auroc = auroc
        self.averagePrecision = averagePrecision
    }

    private enum CodingKeys: String, CodingKey {
        case positives, negatives, auroc
        case averagePrecision = "average_precision"
    }
}
