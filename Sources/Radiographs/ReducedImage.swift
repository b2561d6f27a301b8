import CPixels
import Findings
import Geometry

/// An image decoded no finer than it is needed: at 1, 1/2, 1/4 or 1/8 of its size. Boxes are still told in pixels of the original.
public struct ReducedImage: Hashable, Sendable {
    /// As decoded.
    public let pixels: PixelImage
    /// Columns of the original.
    public let width: Int
    /// Rows of the original.
    public let height: Int
    /// Pixels of the original on a side of a decoded one.
    public let reduction: Int

    /// - Parameters:
    ///   - pixels: `width` and `height` divided by `reduction`, rounded up.
    public init(_ pixels: PixelImage, width: Int, height: Int, reduction: Int) {
        self.pixels = pixels
        self.width = width
        self.height = height
        self.reduction = reduction
    }

    /// The image itself, not reduced.
    public init(_ pixels: PixelImage) { self.init(pixels, width: pixels.width, height: pixels.height, reduction: 1) }

    /// The image with the means of blocks in place of pixels, as far as an input of `side` pixels a side allows it.
    public init(_ pixels: PixelImage, covering side: Int) {
        let reduction = Self.reduction(width: pixels.width, height: pixels.height, covering: side)
        guard reduction > 1 else {
            self.init(pixels)
            return
        }
        let (width, height) = ((pixels.width + reduction - 1) / reduction, (pixels.height + reduction - 1) / reduction)
        var sums = [UInt32](repeating: 0, count: width)
        let means: [UInt16] = UnsafeBytes.filled(count: width * height) {
            cp_reduce(pixels.samples, pixels.width, pixels.height, reduction, &sums, $0.baseAddress)
        }
        self.init(
            PixelImage(width: width, height: height, bits: pixels.bits, samples: means), width: pixels.width, height: pixels.height,
            reduction: reduction)
    }

    /// A rectangle of the original in pixels that were decoded.
    public func inReducedPixels(_ box: Box) -> Box {
        let scale = Double(reduction)
        return Box(x: box.x / scale, y: box.y / scale, width: box.width / scale, height: box.height / scale)
    }

    /// How far an image may be reduced without showing in a network's input: its longer side keeps a quarter more than the input's.
    /// - Returns: 1, 2, 4 or 8.
    public static func reduction(width: Int, height: Int, covering side: Int) -> Int {
        [8, 4, 2].first { Double(max(width, height)) / Double($0) >= 1.25 * Double(side) } ?? 1
    }
}
