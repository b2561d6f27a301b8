/// The heart's width over the chest's, as masks of a model measure it, with the two lines that it was measured along.
public struct ResultRatio: Hashable, Sendable {
    /// A level line in pixels of the image.
    public struct Line: Hashable, Sendable {
        public var left: Double
        public var right: Double
        /// Height of the line.
        public var y: Double

        public init(left: Double, right: Double, y: Double) { (self.left, self.right, self.y) = (left, right, y) }
    }

    public var value: Double
    /// Half the width of the error bar.
    public var error: Double
    public var heart: Line
    public var thorax: Line

    public init(value: Double, error: Double, heart: Line, thorax: Line) {
        (self.value, self.error, self.heart, self.thorax) = (value, error, heart, thorax)
    }

    /// Left, right and height of the heart's line, then of the chest's.
    public var ends: [Double] { [heart.left, heart.right, heart.y, thorax.left, thorax.right, thorax.y] }

    /// Whether two say the same within half of the decimals that forms keep: 0.0001 of the value, 0.01 px of the lines.
    public func isNear(_ other: ResultRatio) -> Bool {
        abs(value - other.value) < 0.000_1 && abs(error - other.error) < 0.000_1
            && zip(ends, other.ends).allSatisfy { abs($0 - $1) <= 0.01 }
    }
}
