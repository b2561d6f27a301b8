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
            guard (0...1).contains(probability), (0...100).contains(count), (0...1).contains(fill) else {
                return "cut-out: the probability and the fill are between 0 and 1, the count between 0 and 100"
            }
            return 0 <= sideLow && sideLow <= sideHigh && sideHigh <= 1
                ? nil : "cut-out: the sides are between 0 and 1 and rise from low to high"
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
            (0...1).contains(probability) && (0...0.4).contains(centre)
                ? nil : "mosaic: the probability is between 0 and 1, the centre's distance between 0 and 0.4"
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
            (0...1).contains(probability) && (0.01...1000).contains(alpha)
                ? nil : "mix-up: the probability is between 0 and 1, alpha between 0.01 and 1000"
        }
    }
}
