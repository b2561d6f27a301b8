/// An axis-aligned rectangle on an image.
///
/// Coordinate frame: pixels of the original image, origin at the top-left corner of the top-left pixel, x to the right and y
/// downwards. A box that covers exactly the first pixel is `Box(x: 0, y: 0, width: 1, height: 1)`.
public struct Box: Hashable, Sendable {
    /// Left edge, in pixels.
    public var x: Double
    /// Top edge, in pixels.
    public var y: Double
    /// Horizontal extent, in pixels.
    public var width: Double
    /// Vertical extent, in pixels.
    public var height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// A box from its two corners, as networks and Pascal VOC write them.
    public init(x0: Double, y0: Double, x1: Double, y1: Double) {
        self.init(x: x0, y: y0, width: x1 - x0, height: y1 - y0)
    }

    public var maxX: Double { x + width }
    public var maxY: Double { y + height }
    public var centerX: Double { x + width / 2 }
    public var centerY: Double { y + height / 2 }

    /// Area in square pixels; zero for an empty or inverted box.
    public var area: Double { isEmpty ? 0 : width * height }

    /// True unless both extents are positive and finite.
    public var isEmpty: Bool { !(width > 0 && height > 0 && width.isFinite && height.isFinite) }

    /// The part both boxes cover; empty (zero size) where they do not meet.
    public func intersection(_ other: Box) -> Box {
        let x0 = max(x, other.x)
        let y0 = max(y, other.y)
        return Box(x: x0, y: y0, width: max(0, min(maxX, other.maxX) - x0), height: max(0, min(maxY, other.maxY) - y0))
    }

    /// The part of the box inside an image of `width` x `height` pixels.
    public func clipped(toWidth width: Double, height: Double) -> Box {
        intersection(Box(x: 0, y: 0, width: width, height: height))
    }

    /// Intersection over union, the Jaccard index, in 0...1; zero where either box is empty.
    public func intersectionOverUnion(_ other: Box) -> Double {
        let common = intersection(other).area
        let union = area + other.area - common
        return union > 0 ? common / union : 0
    }
}
