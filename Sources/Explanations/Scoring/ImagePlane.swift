import Geometry
import Radiographs

/// The frame of masks and maps: the image alone, at the size that it has in the network's first input, without the letterbox's bars.
///
/// Plane pixel (x, y) covers the square from `x / scale` to `(x + 1) / scale` of the original's columns, and so for rows.
public struct ImagePlane: Hashable, Sendable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Plane pixels an image pixel.
    public let scale: Double
    /// The longer side of the network's input, which sizes of windows are shares of.
    public let inputSide: Int

    /// - Parameters:
    ///   - imageWidth: Columns of the original.
    ///   - imageHeight: Rows of the original.
    ///   - input: The network's first input.
    public init(imageWidth: Int, imageHeight: Int, input: ModelInput) {
        scale = input.transform.scale
        width = max(1, min(input.width, Int((Double(imageWidth) * scale).rounded())))
        height = max(1, min(input.height, Int((Double(imageHeight) * scale).rounded())))
        inputSide = max(input.width, input.height)
    }

    public var count: Int { width * height }

    /// A box of the original in plane pixels, cut at the image's edges.
    public func boxInPlane(_ box: Box) -> Box {
        Box(x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale)
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
