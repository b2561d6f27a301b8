/// What a training of masks sees besides the images of its dataset. Views, grey and noise are those of `augmentation`.
public struct SegmentationSettings: Codable, Hashable, Sendable {
    /// Share of drawn chests among the pictures seen; their masks are known by construction.
    public var phantomShare = 0.3
    /// How many of them are drawn.
    public var phantoms = 200
    /// A dataset directory of further images, whose masks a former network proposed (`pleura detect --masks`), so that it carries to films of
    /// other hospitals; `none` for none. Its images are never tested with.
    public var proposed = "none"
    /// Share of them among the pictures seen.
    public var proposedShare = 0.6
    /// Chance that opacities are laid over the lungs: the mask stays, for the lung is still there.
    public var opacityProbability = 0.5
    /// Chance that most or all of one lung is white.
    public var whiteOutProbability = 0.1
    /// Chance of black or white bands along the picture's sides.
    public var borderProbability = 0.2
    /// Chance of lines, plates and letters, as of tubes, devices and markers.
    public var deviceProbability = 0.3
    /// Chance that the picture is processed as by a detector's software: grey evened out over large places, edges sharpened.
    public var processingProbability = 0.5

    public init() {}

    /// What is wrong with the numbers; `nil` where nothing is.
    public var fault: String? {
        SettingRange.first(
            SettingRange.fault("segmentation.phantom_share", phantomShare, from: 0, below: 1),
            SettingRange.fault("segmentation.phantoms", phantoms, 0...100_000),
            SettingRange.fault("segmentation.proposed_share", proposedShare, from: 0, below: 1),
            proposed != "none" && phantomShare + proposedShare >= 1
                ? "segmentation.phantom_share and segmentation.proposed_share make 1 together, so nothing is left of the dataset" : nil,
            SettingRange.fault("segmentation.opacity_probability", opacityProbability, 0...1),
            SettingRange.fault("segmentation.white_out_probability", whiteOutProbability, 0...1),
            SettingRange.fault("segmentation.border_probability", borderProbability, 0...1),
            SettingRange.fault("segmentation.device_probability", deviceProbability, 0...1),
            SettingRange.fault("segmentation.processing_probability", processingProbability, 0...1))
    }
}
