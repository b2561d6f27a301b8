import Findings
import Networks

/// What a training minimises, and how much of each.
public struct LossConfiguration: Codable, Hashable, Sendable {
    /// Focal loss (Lin et al., ICCV 2017): weight of the anchors that answer for a box.
    public var alpha = 0.25
    /// Focal loss: how fast easy anchors fade.
    public var gamma = 2.0
    /// Weight of the boxes' part.
    public var boxWeight = 1.0
    /// What an anchor-free head is taught of how well its boxes fit.
    public var quality = DetectionLoss.Quality.overlap
    /// What the score of an anchor that answers for a box should be.
    public var target = DetectionLoss.Target.one
    /// Weight of what is said of whole images, by a head for that (`model.has_image_head`).
    public var imageWeight = 0.0
    /// Findings whose image-level labels are learnt from; empty for all. Such labels help some findings and hurt others (Rozenberg et
    /// al. 2020).
    public var imageFindings: [String] = []

    /// What is taught of a finding that an image is said to have, but of which it has no box.
    public var unboxed = Unboxed.background

    /// Boxes are rarely complete: of NIH's boxed images more than half are labelled with a further finding that nobody boxed.
    public enum Unboxed: String, Codable, CaseIterable, Hashable, Sendable {
        /// The finding is nowhere on the image. Images without any box take no part.
        case background
        /// Nothing: the finding is somewhere, one knows not where. Images without any box teach where nothing is: the absence of the
        /// findings that they are not labelled with.
        case ignored
    }

    public init() {}

    var detectionLoss: DetectionLoss { DetectionLoss(alpha: alpha, gamma: gamma, boxWeight: boxWeight, quality: quality, target: target) }

    /// - Throws: `TrainingError`.
    func validated() throws {
        try SettingRange.refuse(
            SettingRange.fault("loss.alpha", alpha, 0...1), SettingRange.fault("loss.gamma", gamma, 0...100),
            SettingRange.fault("loss.box_weight", boxWeight, 0...1_000_000),
            SettingRange.fault("loss.image_weight", imageWeight, 0...1_000_000))
    }
}

extension LossConfiguration.Unboxed {
    /// Whether an image's anchors are told to be silent about a finding: [N * C], row-major.
    func isJudged(_ batch: Batch, classCount: Int) -> [Bool] {
        batch.hasBoxes.indices.flatMap { image in
            let boxed = Set(batch.examples[image].map(\.classIndex))
            return (0..<classCount).map { column in
                switch self {
                case .background: return batch.hasBoxes[image]
                case .ignored:
                    let place = image * classCount + column
                    guard place < batch.imageLabels.count else { return batch.hasBoxes[image] }
                    return batch.imageLabels[place] == 0 || boxed.contains(column)
                }
            }
        }
    }
}
