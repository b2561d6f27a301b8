import Geometry
import Radiographs

/// The frame of masks and maps: the image alone, at the size that it has in the network's first input, without the letterbox's bars.
///
/// Plane pixel (x, y) covers the square from `originX + x / scale` to `originX + (x + 1) / scale` of the image's columns, and so for rows.
/// While networks run, the image is the one that they see; what is told of it lies in the image as it came (`inOriginal`).
public struct ImagePlane: Hashable, Sendable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Plane pixels an image pixel.
    public let scale: Double
    /// The longer side of the network's input, which sizes of windows are shares of.
    public let inputSide: Int
    /// Where the first column begins, in pixels of the image.
    public let originX: Double
    /// Where the first row begins.
    public let originY: Double

    /// - Parameters:
    ///   - imageWidth: Columns of the image as the network sees it.
    ///   - imageHeight: Rows of the same.
    ///   - input: The network's first input.
    public init(imageWidth: Int, imageHeight: Int, input: ModelInput) {
        scale = input.transform.scale
        width = max(1, min(input.width, Int((Double(imageWidth) * scale).rounded())))
        height = max(1, min(input.height, Int((Double(imageHeight) * scale).rounded())))
        inputSide = max(input.width, input.height)
        (originX, originY) = (0, 0)
    }

    private init(width: Int, height: Int, scale: Double, inputSide: Int, originX: Double, originY: Double) {
        (self.width, self.height, self.scale, self.inputSide) = (width, height, scale, inputSide)
        (self.originX, self.originY) = (originX, originY)
    }

    /// The plane of a mended image, turned back and laid where it lies in the original.
    public func inOriginal(_ frame: MendedFrame) -> ImagePlane {
        // Not cut at the original's edges: the last plane pixel may reach half of its size past them.
        let whole = Box(x: 0, y: 0, width: Double(width) / scale, height: Double(height) / scale)
        let place = MendedFrame.turned(
            whole, width: frame.turnedWidth, height: frame.turnedHeight, quarterTurns: 4 - frame.quarterTurns)
        let isTurned = frame.quarterTurns % 2 != 0
        return ImagePlane(
            width: isTurned ? height : width, height: isTurned ? width : height, scale: scale, inputSide: inputSide,
            originX: Double(frame.x) + place.x, originY: Double(frame.y) + place.y)
    }

    public var count: Int { width * height }

    /// A box of the image in plane pixels, cut at the plane's edges.
    public func boxInPlane(_ box: Box) -> Box {
        Box(x: (box.x - originX) * scale, y: (box.y - originY) * scale, width: box.width * scale, height: box.height * scale)
            .clipped(toWidth: Double(width), height: Double(height))
    }

    /// A length that is told for an input of 320 pixels a side, in pixels of this one; at least 1.
    public func scaled(_ pixels: Double) -> Double { max(1, pixels * Double(inputSide) / 320) }

    /// For each pixel of an input [H * W]: the plane pixel that it shows, -1 in the letterbox's bars.
    func indices(of input: ModelInput) -> [Int32] {
        func places(_ count: Int, _ offset: Double, _ size: Int) -> [Int] {
            (0..<count).map { pixel in
                let place = (Double(pixel) + 0.5 - offset) / input.transform.scale * scale
                return place >= 0 && place < Double(size) ? Int(place) : -1
            }
        }
        let columns = places(input.width, input.transform.offsetX, width)
        let rows = places(input.height, input.transform.offsetY, height)
        var indices = [Int32](repeating: -1, count: input.width * input.height)
        for (y, row) in rows.enumerated() where row >= 0 {
            for (x, column) in columns.enumerated() where column >= 0 {
                indices[y * input.width + x] = Int32(truncatingIfNeeded: row * width + column)
            }
        }
        return indices
    }
}
