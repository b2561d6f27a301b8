import Evaluation

/// How a report is made.
public struct EvaluationSettings: Sendable {
    /// Which images the figures of boxes are computed on.
    public enum BoxImages: String, Codable, Hashable, Sendable, CaseIterable {
        /// Those with at least one box: on the others of many datasets nobody looked for boxes.
        case boxed
        /// Those of which nothing is found too: for datasets whose every image was read. Images of which findings are said without a
        /// place stay out, since where their boxes are nobody said.
        case all
    }

    public var boxImages: BoxImages
    /// Draws of the patients for the intervals; none for figures alone.
    public var draws: Int
    public var seed: UInt64
    /// The score at which confusion, RSNA's figure, subgroups and examples are taken; `nil` for the lowest with at most one false box an
    /// image over all findings.
    public var scoreThreshold: Double?
    /// For the operating points.
    public var falseBoxesPer100Images: [Double]
    /// Columns to part the images by; `nil` for all that part them into few.
    public var attributes: [ImageAttribute]?
    /// How many false boxes and how many missed ones are named as examples.
    public var examples: Int

    public init(
        boxImages: BoxImages = .boxed, draws: Int = 1000, seed: UInt64 = 1, scoreThreshold: Double? = nil,
        falseBoxesPer100Images: [Double] = FreeResponseCurve.usualFalseBoxesPer100Images, attributes: [ImageAttribute]? = nil,
        examples: Int = 8
    ) {
        self.boxImages = boxImages
        self.draws = draws
        self.seed = seed
        self.scoreThreshold = scoreThreshold
        self.falseBoxesPer100Images = falseBoxesPer100Images
        self.attributes = attributes
        self.examples = examples
    }
}
