import Geometry

/// What was done to an image before a network saw it, and the way back of boxes to the image as it came.
///
/// The order is: bits spread, border left out, grey stretched, black and white exchanged, turned.
public struct ImageMending: Hashable, Sendable {
    /// The bits that samples use, where those were spread over all; `nil` where not.
    public var usedBits: Int?
    /// What is left of the decoded pixels; `nil` for all.
    public var area: PixelArea?
    /// Whether the grey between the percentiles 0.1 and 99.9 was stretched over the scale.
    public var isStretched = false
    public var isInverted = false
    /// Clockwise, 0 to 3: what was done, not what was found.
    public var quarterTurns = 0

    public init() {}

    public var isNothing: Bool { self == ImageMending() }

    /// Percentiles of the stretched window.
    static let window = (low: 0.1, high: 99.9)

    /// The mended image. Its size is in pixels of the original, as that of any reduced image.
    public func applied(to image: ReducedImage) -> ReducedImage {
        var pixels = image.pixels
        if let usedBits { pixels = pixels.spread(from: usedBits, to: pixels.bits) }
        if let area { pixels = pixels.cropped(to: area) }
        if isStretched { pixels = pixels.percentileWindowed(low: Self.window.low, high: Self.window.high) }
        if isInverted { pixels = pixels.inverted() }
        pixels = pixels.turned(quarterTurns: quarterTurns)
        let frame = frame(of: image)
        return ReducedImage(pixels, width: frame.turnedWidth, height: frame.turnedHeight, reduction: image.reduction)
    }

    /// Where the mended image lies in the original.
    public func frame(of image: ReducedImage) -> MendedFrame {
        let area = area ?? PixelArea(x: 0, y: 0, width: image.pixels.width, height: image.pixels.height)
        let (x, y, reduction) = (area.x * image.reduction, area.y * image.reduction, image.reduction)
        // Decoded pixels at the far edges may stand for less than a whole block. Turned, they lie at the near edges, where pixels of the
        // mended image are counted from: there the blocks are taken as whole.
        let isTurned = quarterTurns != 0
        let (width, height) = (area.width * reduction, area.height * reduction)
        return MendedFrame(
            x: x, y: y, width: isTurned ? width : min(width, image.width - x), height: isTurned ? height : min(height, image.height - y),
            quarterTurns: quarterTurns, imageWidth: image.width, imageHeight: image.height)
    }
}

/// The place of a mended image in the original: a rectangle of it, turned.
public struct MendedFrame: Hashable, Sendable {
    /// First column of the original that is in it.
    public let x: Int
    /// First row of the original that is in it.
    public let y: Int
    /// Columns of the original, before the turn.
    public let width: Int
    /// Rows of the original, before the turn.
    public let height: Int
    /// Clockwise, 0 to 3.
    public let quarterTurns: Int
    /// Columns of the original.
    public let imageWidth: Int
    /// Rows of the original.
    public let imageHeight: Int

    public init(x: Int, y: Int, width: Int, height: Int, quarterTurns: Int, imageWidth: Int, imageHeight: Int) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
        (self.quarterTurns, self.imageWidth, self.imageHeight) = (quarterTurns, imageWidth, imageHeight)
    }

    /// Columns of the mended image, in pixels of the original's size.
    public var turnedWidth: Int { quarterTurns % 2 == 0 ? width : height }
    /// Rows of the mended image, in pixels of the original's size.
    public var turnedHeight: Int { quarterTurns % 2 == 0 ? height : width }

    /// A box on the mended image, in pixels of the original, cut at its edges.
    public func boxInOriginal(_ box: Box) -> Box {
        Self.turned(box, width: turnedWidth, height: turnedHeight, quarterTurns: 4 - quarterTurns)
            .shifted(x: Double(x), y: Double(y)).clipped(toWidth: Double(imageWidth), height: Double(imageHeight))
    }

    /// A box of the original, in pixels of the mended image; may reach past its edges.
    public func boxInMended(_ box: Box) -> Box {
        Self.turned(box.shifted(x: -Double(x), y: -Double(y)), width: width, height: height, quarterTurns: quarterTurns)
    }

    /// A box of an image of `width` x `height` pixels after the image was turned clockwise.
    public static func turned(_ box: Box, width: Int, height: Int, quarterTurns: Int) -> Box {
        let (width, height) = (Double(width), Double(height))
        switch ((quarterTurns % 4) + 4) % 4 {
        case 1: return Box(x: height - box.maxY, y: box.x, width: box.height, height: box.width)
        case 2: return Box(x: width - box.maxX, y: height - box.maxY, width: box.width, height: box.height)
        case 3: return Box(x: box.y, y: width - box.maxX, width: box.height, height: box.width)
        default: return box
        }
    }
}

extension Box {
    fileprivate func shifted(x dx: Double, y dy: Double) -> Box { Box(x: x + dx, y: y + dy, width: width, height: height) }
}
