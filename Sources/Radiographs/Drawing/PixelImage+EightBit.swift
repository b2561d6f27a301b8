import CPixels
import Findings
import Geometry

extension PixelImage {
    /// The sample that is shown as white.
    ///
    /// The largest the depth allows, so that a window already applied is shown as it was meant. Where all samples stay under a quarter of
    /// that, as with 12 bits in a 16-bit file, the largest there is: the picture would be black otherwise.
    public var displayMaximum: Int {
        guard bits > 8 else { return maximum }
        let quarter = UInt16(maximum / 4)
        // Few images need to be read to their end.
        let largest = cp_largest(samples, samples.count, quarter)
        return largest > 0 && largest < quarter ? Int(largest) : maximum
    }

    /// The whole picture as 8-bit grey at another size.
    /// - Returns: `width * height` bytes, row-major.
    public func eightBitGrey(width: Int, height: Int) -> [UInt8] {
        if width == self.width, height == self.height {
            let scale = 255 / Float(displayMaximum)
            return UnsafeBytes.filled(count: samples.count) { cp_samples_to_bytes(samples, samples.count, scale, $0.baseAddress) }
        }
        return eightBitGrey(
            of: Box(x: 0, y: 0, width: Double(self.width), height: Double(self.height)), width: width, height: height, white: displayMaximum
        )
    }

    /// Part of the picture as 8-bit grey at another size.
    /// - Parameter white: The sample that is shown as white.
    func eightBitGrey(of rectangle: Box, width: Int, height: Int, white: Int) -> [UInt8] {
        UnsafeBytes.filled(count: width * height) { (bytes: UnsafeMutableBufferPointer<UInt8>) in
            eachResampledRow(from: rectangle, width: width, height: height, fill: 0) { row, values in
                cp_to_bytes(values.baseAddress, width, 255 / Float(white), bytes.baseAddress.map { $0 + row * width })
            }
        }
    }

    /// The largest size with this shape whose longer side is at most `maximumSide`; at least one pixel each way.
    public func size(fitting maximumSide: Int) -> (width: Int, height: Int) {
        let scale = Double(max(1, maximumSide)) / Double(max(width, height))
        guard scale < 1 else { return (width, height) }
        return (max(1, Int((Double(width) * scale).rounded())), max(1, Int((Double(height) * scale).rounded())))
    }
}
