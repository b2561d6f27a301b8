import Radiographs

extension ColourMapping {
    /// The colours themselves: red, green and blue as stored, or from YBR_FULL by PS3.3 C.7.6.3.1.2.
    /// - Parameters:
    ///   - samples: As `callAsFunction` takes them.
    ///   - width: Columns.
    ///   - height: Rows.
    /// - Returns: The planes, and how much colour they have (`Radiograph.colourfulness`).
    func planes(
        _ samples: UnsafeRawBufferPointer, bytesPerSample: Int, width: Int, height: Int
    ) -> (planes: ColourPlanes, colourfulness: Double) {
        let count = width * height
        let maximum = (1 << bits) - 1
        func sample(_ index: Int) -> Int {
            let value =
                bytesPerSample == 1
                ? Int(samples[index]) : Int(UInt16(littleEndian: samples.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
            return min(value, maximum)
        }
        let (step, plane) = isPlanar ? (1, samples.count / bytesPerSample / 3) : (3, 1)
        var result = [[UInt16]](repeating: [UInt16](repeating: 0, count: count), count: 3)
        var spread = 0.0
        let middle = Double(1 << (bits - 1))
        for pixel in 0..<count {
            var (red, green, blue) = (sample(pixel * step), sample(pixel * step + plane), sample(pixel * step + 2 * plane))
            if model == .ybrFull {
                let (luma, bluish, reddish) = (Double(red), Double(green) - middle, Double(blue) - middle)
                func cut(_ value: Double) -> Int { Int(min(Double(maximum), max(0, value.rounded()))) }
                (red, green, blue) = (
                    cut(luma + 1.402 * reddish), cut(luma - 0.344136 * bluish - 0.714136 * reddish), cut(luma + 1.772 * bluish)
                )
            }
            spread += Double(max(red, green, blue) - min(red, green, blue))
            (result[0][pixel], result[1][pixel], result[2][pixel]) = (UInt16(red), UInt16(green), UInt16(blue))
        }
        func image(_ index: Int) -> PixelImage { PixelImage(width: width, height: height, bits: bits, samples: result[index]) }
        return (ColourPlanes(red: image(0), green: image(1), blue: image(2)), spread / Double(count) / Double(maximum))
    }
}
