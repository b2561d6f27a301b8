/// Colour images (secondary captures) to grey, with the weights of ITU-R BT.601 in PIL's arithmetic (mode "L").
struct ColourMapping: Hashable {
    enum Model: Hashable {
        case rgb, ybrFull
    }
    let model: Model
    /// Three planes, not three samples side by side.
    let isPlanar: Bool
    /// Bits of a sample and of a pixel, 8 to 16.
    let bits: Int

    /// - Parameter samples: [pixels, 3], or [3, pixels] where planar; 1 or 2 bytes each, little-endian.
    func callAsFunction(_ samples: UnsafeRawBufferPointer, bytesPerSample: Int) -> [UInt16] {
        let count = samples.count / bytesPerSample / 3
        let maximum = UInt32((1 << bits) - 1)
        func sample(_ index: Int) -> UInt32 {
            let value: UInt32
            if bytesPerSample == 1 {
                value = UInt32(samples[index])
            } else {
                value = UInt32(UInt16(littleEndian: samples.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
            }
            return min(value, maximum)
        }
        let step = isPlanar ? 1 : 3
        let plane = isPlanar ? count : 1
        return (0..<count).map { pixel in
            let first = sample(pixel * step)
            // Y of YBR_FULL is the same weighted sum already.
            if model == .ybrFull { return UInt16(first) }
            let green = sample(pixel * step + plane)
            let blue = sample(pixel * step + 2 * plane)
            return UInt16((first * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16)
        }
    }
}
