import Findings
import Networks
import TrainingExamples

/// What a training minimises, and how much of each.
public struct LossConfiguration: Codable, Hashable, Sendable {
    /// Focal loss (Lin et al., ICCV 2017): weight of the positive anchors, those matched to a box.
    public var alpha = 0.25
    /// Focal loss: how fast easy anchors fade.
    public var gamma = 2.0
    /// Weight of the boxes' part.
    public var boxWeight = 1.0
    /// What an anchor-free head is taught of how well its boxes fit.
    public var quality = DetectionLoss.Quality.overlap
    /// The target of a positive anchor's score.
    public var target = DetectionLoss.Target.one
    /// Weight of the loss of whole-image findings, by a head for them (`model.has_image_head`), and by the maps of attention by labels
    /// (`model.attention`), each as much.
    public var imageWeight = 0.0
    /// Findings whose image-level labels are learnt from; empty for all. Such labels help some findings and hurt others (Rozenberg et
    /// al. 2020).
    public var imageFindings: [String] = []

    /// Weight of the loss of findings that an image is labelled with, but has no box of: some anchor sees the finding (multiple instances).
    public var multipleInstanceWeight = 0.0

    /// The targets of a finding that an image is labelled with, but has no box of. In a dataset with sources these say it for each finding,
    /// and this is not asked.
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

    package var detectionLoss: DetectionLoss {
        DetectionLoss(alpha: alpha, gamma: gamma, boxWeight: boxWeight, quality: quality, target: target)
    }

    /// - Throws: `TrainingError`.
    func validated() throws {
        try SettingRange.refuse(
            SettingRange.fault("loss.alpha", alpha, 0...1), SettingRange.fault("loss.gamma", gamma, 0...100),
            SettingRange.fault("loss.box_weight", boxWeight, 0...1_000_000),
            SettingRange.fault("loss.image_weight", imageWeight, 0...1_000_000),
            SettingRange.fault("loss.multiple_instance_weight", multipleInstanceWeight, 0...1_000_000))
        guard multipleInstanceWeight == 0 || unboxed == .ignored else {
            throw TrainingError(
                .configuration,
                "loss.multiple_instance_weight teaches that a labelled finding without a box is somewhere; loss.unboxed: background "
                    + "teaches that it is nowhere, so set loss.unboxed to ignored")
        }
    }
}

extension LossConfiguration.Unboxed {
    /// Whether all boxes of a finding on an image are labelled, so that anchors without a box are negatives: [N * C], row-major.
    package func isLabelled(_ batch: Batch, classCount: Int) -> [Bool] {
        guard batch.background.isEmpty else { return batch.background }
        return batch.hasBoxes.indices.flatMap { image in
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
