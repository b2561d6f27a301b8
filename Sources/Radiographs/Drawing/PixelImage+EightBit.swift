import Findings

extension PixelImage {
    /// The sample that is shown as white.
    ///
    /// The largest the depth allows, so that a window already applied is shown as it was meant. Where all samples stay under a quarter of
    /// that, as with 12 bits in a 16-bit file, the largest there is: the picture would be black otherwise.
    public var displayMaximum: Int {
        let largest = Int(samples.max() ?? 0)
        return bits > 8 && largest > 0 && largest < maximum / 4 ? largest : maximum
    }

    /// The whole picture as 8-bit grey at another size.
    /// - Returns: `width * height` bytes, row-major.
    public func eightBitGrey(width: Int, height: Int) -> [UInt8] {
        let scale = 255 / Float(displayMaximum)
        if width == self.width, height == self.height {
            return samples.withUnsafeBufferPointer { source in
                [UInt8](unsafeUninitializedCapacity: source.count) { target, initialised in
                    for index in 0..<source.count { target[index] = UInt8(min(255, Float(source[index]) * scale + 0.5)) }
                    initialised = source.count
                }
            }
        }
        let whole = Box(x: 0, y: 0, width: Double(self.width), height: Double(self.height))
        let values = resampled(from: whole, width: width, height: height, fill: 0)
        return values.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: source.count) { target, initialised in
                for index in 0..<source.count { target[index] = UInt8(max(0, min(255, source[index] * scale + 0.5))) }
                initialised = source.count
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
