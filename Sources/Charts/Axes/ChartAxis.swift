/// What an axis shows.
public struct ChartAxis: Hashable, Sendable {
    public enum Scale: Hashable, Sendable {
        case linear
        /// To the base 10; values that are not positive are gaps.
        case logarithmic
    }

    /// What is shown, with its unit: `Epoch`, `Time (s)`.
    public var title: String
    public var scale: Scale
    /// From where to where; what the data need where it is absent.
    public var range: ClosedRange<Double>?
    /// Whether a number between whole ones means nothing, as with epochs and counts.
    public var isWhole: Bool
    /// Whether the numbers grow to the left or downwards, as the rows of an image do.
    public var isReversed: Bool

    public init(
        _ title: String = "", scale: Scale = .linear, range: ClosedRange<Double>? = nil, isWhole: Bool = false, isReversed: Bool = false
    ) {
        self.title = title
        self.scale = scale
        self.range = range
        self.isWhole = isWhole
        self.isReversed = isReversed
    }
}
