/// How much worse a model may be in which figure, and how sure one wants to be of it.
public struct GateSettings: Codable, Hashable, Sendable {
    /// Area under the ROC curve of any abnormality.
    public var areaMargin = 0.03
    /// Share of the boxes found, all findings together, at equal false boxes an image.
    public var foundMargin = 0.05
    /// The most that may be lost of the share found of one finding, or in one group of patients, as measured.
    public var partLoss = 0.10
    /// What the loss of one finding must be shown to be less than.
    public var partBound = 0.20
    /// A group with fewer boxes is not judged.
    public var leastGroupBoxes = 50
    /// False boxes an image, all findings together, at which boxes are counted as found.
    public var falseBoxesPerImage = 1.0
    /// What a box's overlap with the reader's must be above (intersection over union).
    public var overlap = 0.3
    /// How much slower, or larger, the model may be.
    public var resourceShare = 0.10
    /// Chance of passing a model that is worse by just the margin, a figure.
    public var level = 0.05
    /// Chance of passing a model that is as good, all figures together, that the number of cases asked for is to give.
    public var power = 0.80
    public var draws = 2000
    public var seed: UInt64 = 1
    /// How often a locked set may be looked at.
    public var mostLooks = 10

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case overlap, level, power, draws, seed
        case areaMargin = "area_margin"
        case foundMargin = "found_margin"
        case partLoss = "part_loss"
        case partBound = "part_bound"
        case leastGroupBoxes = "least_group_boxes"
        case falseBoxesPerImage = "false_boxes_per_image"
        case resourceShare = "resource_share"
        case mostLooks = "most_looks"
    }
}
