/// How images of another kind than the domain's are told, before a network looks at them.
public struct GateRule: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, CaseIterable, Hashable, Sendable {
        /// How much the image looks like the mean of the training images. For kinds of which all images lie alike, such as frontal chests.
        case meanImage = "mean-image"
        /// That, and some measures of the look: each has to lie in the range of the training images, widened by `margin`.
        case appearance
        /// Nothing is learnt; `instead` says what stands in its place.
        case none
    }

    public var kind: Kind
    /// With `none`: what tells other images instead, a sentence for the card.
    public var instead: String?
    /// The share of the training images that a warning may be given of, 0...0.5: the limit of `mean-image`.
    public var warningShare: Double
    /// With `mean-image`: below this correlation, -1...1, an image is refused rather than warned of.
    public var refusalCorrelation: Double
    /// With `appearance`: how far past the training images' range a measure may lie, as a share of the range.
    public var margin: Double
    /// Pixels that the shorter side has at least.
    public var shortestSide: Int
    /// How many times as long as the other a side may be.
    public var longestShape: Int

    public init(
        kind: Kind, instead: String? = nil, warningShare: Double = 0.01, refusalCorrelation: Double = 0, margin: Double = 0.5,
        shortestSide: Int = 32, longestShape: Int = 3
    ) {
        (self.kind, self.instead, self.warningShare, self.refusalCorrelation) = (kind, instead, warningShare, refusalCorrelation)
        (self.margin, self.shortestSide, self.longestShape) = (margin, shortestSide, longestShape)
    }

    private enum CodingKeys: String, CodingKey {
        case kind, instead, margin
        case warningShare = "warning_share"
        case refusalCorrelation = "refuse_below"
        case shortestSide = "shortest_side"
        case longestShape = "longest_shape"
    }
}
