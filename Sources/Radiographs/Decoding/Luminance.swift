/// Colour to grey by ITU-R BT.601, in the integer arithmetic that PIL uses for its mode "L".
enum Luminance {
    /// Interleaved RGB samples of 8 or 16 bits to one grey sample a pixel.
    static func grey<Sample: FixedWidthInteger>(rgb: UnsafeBufferPointer<Sample>, count: Int) -> [UInt16] {
        [UInt16](unsafeUninitializedCapacity: count) { grey, initialised in
            for index in 0..<count {
                let red = UInt32(truncatingIfNeeded: rgb[index * 3])
                let green = UInt32(truncatingIfNeeded: rgb[index * 3 + 1])
                let blue = UInt32(truncatingIfNeeded: rgb[index * 3 + 2])
                grey[index] = UInt16(truncatingIfNeeded: (red &* 19595 &+ green &* 38470 &+ blue &* 7471 &+ 0x8000) >> 16)
            }
            initialised = count
        }
    }
}
