/// The heart's width over the chest's (Danzer, Am J Med Sci 1919), with the two lines that it was measured along.
public struct CardiothoracicRatio: Hashable, Sendable {
    /// A level line in pixels of the original image.
    public struct Line: Hashable, Sendable {
        public var left: Double
        public var right: Double
        /// Height of the line.
        public var y: Double
        public var length: Double { right - left }

        public init(left: Double, right: Double, y: Double) { (self.left, self.right, self.y) = (left, right, y) }
    }

    /// From the heart's rightmost to its leftmost point; its height is the middle of the two points'.
    public var heart: Line
    /// The widest inner distance of the chest.
    public var thorax: Line
    /// Half the width of the error bar.
    public var error: Double
    public var value: Double { thorax.length > 0 ? heart.length / thorax.length : 0 }

    public init(heart: Line, thorax: Line, error: Double) { (self.heart, self.thorax, self.error) = (heart, thorax, error) }
}
