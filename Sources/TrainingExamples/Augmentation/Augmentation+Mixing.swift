extension Augmentation {
    /// Rectangles of one grey over the picture (DeVries and Taylor 2017, arXiv:1708.04552). A box that is hidden by more than
    /// the geometry's visible share allows is left out.
    public struct CutOut: Codable, Hashable, Sendable {
        /// Chance of each rectangle.
        public var probability = 0.0
        /// How many rectangles there may be.
        public var count = 1
        /// Width and height, each drawn between these, as shares of the input's side.
        public var sideLow = 0.1
        public var sideHigh = 0.25
        /// The grey of the rectangles, as a share of full scale; with `normalise(mean: 0.5)` one half becomes 0, as in the paper.
        public var fill = 0.5

        public init() {}

        var fault: String? {
            SettingRange.first(
                SettingRange.fault("augmentation.cut_out.probability", probability, 0...1),
                SettingRange.fault("augmentation.cut_out.count", count, 0...100),
                SettingRange.fault("augmentation.cut_out.fill", fill, 0...1),
                SettingRange.fault("augmentation.cut_out.side_low", sideLow, 0...1),
                SettingRange.fault("augmentation.cut_out.side_high", sideHigh, 0...1),
                SettingRange.fault(("augmentation.cut_out.side_low", sideLow), rises: ("augmentation.cut_out.side_high", sideHigh)))
        }
    }

    /// Four pictures of the batch, a quarter each, in one (Bochkovskiy 2020, arXiv:2004.10934). Only pictures whose boxes are known
    /// are put together.
    public struct Mosaic: Codable, Hashable, Sendable {
        /// Chance that a picture becomes one of four.
        public var probability = 0.0
        /// How far from the middle the four may meet, along each side, as a share of it.
        public var centre = 0.2

        public init() {}

        var fault: String? {
            SettingRange.first(
                SettingRange.fault("augmentation.mosaic.probability", probability, 0...1),
                SettingRange.fault("augmentation.mosaic.centre", centre, 0...0.4))
        }
    }

    /// Two pictures of the batch averaged with shares that add up to 1; the boxes of both are learnt, each with the weight of its
    /// picture (Zhang 2018, arXiv:1710.09412; for detection Zhang 2019, arXiv:1902.04103).
    public struct MixUp: Codable, Hashable, Sendable {
        /// Chance that a picture is mixed with another.
        public var probability = 0.0
        /// Both parameters of the beta distribution that the share is drawn from; 1.5 is the second paper's best for detection.
        public var alpha = 1.5

        public init() {}

        var fault: String? {
            SettingRange.first(
                SettingRange.fault("augmentation.mix_up.probability", probability, 0...1),
                SettingRange.fault("augmentation.mix_up.alpha", alpha, 0.01...1000))
        }
    }
}
