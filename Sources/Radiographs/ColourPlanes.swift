/// The red, green and blue of a picture, each an image of one channel [H, W]: all of the same size and depth.
///
/// Radiographs have none. A model of a kind of image that lives by its colours, such as a blood smear, looks at the three planes; all else
/// looks at `Radiograph.pixels`, the grey of the same picture.
public struct ColourPlanes: Hashable, Sendable {
    public var red: PixelImage
    public var green: PixelImage
    public var blue: PixelImage

    /// - Precondition: All three have the same size and depth.
    public init(red: PixelImage, green: PixelImage, blue: PixelImage) {
        precondition(red.width == green.width && red.height == green.height && red.width == blue.width && red.height == blue.height)
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// From a decoder's buffer of three planes, one behind the other.
    /// - Precondition: There are `3 * width * height` samples.
    init(planar samples: [UInt16], width: Int, height: Int, bits: Int) {
        let size = width * height
        func plane(_ index: Int) -> PixelImage {
            PixelImage(width: width, height: height, bits: bits, samples: Array(samples[index * size..<(index + 1) * size]))
        }
        self.init(red: plane(0), green: plane(1), blue: plane(2))
    }

    /// From 8-bit samples, red, green and blue side by side.
    /// - Precondition: There are `3 * width * height` samples.
    init(interleaved rgb: UnsafeBufferPointer<UInt8>, width: Int, height: Int) {
        func plane(_ index: Int) -> PixelImage {
            let samples: [UInt16] = UnsafeBytes.filled(count: width * height) { target in
                for place in target.indices { target[place] = UInt16(rgb[3 * place + index]) }
            }
            return PixelImage(width: width, height: height, bits: 8, samples: samples)
        }
        self.init(red: plane(0), green: plane(1), blue: plane(2))
    }

    /// In the order of a network's channels.
    public var planes: [PixelImage] { [red, green, blue] }

    /// Each plane changed in the same way.
    public func map(_ change: (PixelImage) throws -> PixelImage) rethrows -> ColourPlanes {
        ColourPlanes(red: try change(red), green: try change(green), blue: try change(blue))
    }
}

/// How much colour a picture has: the mean over its pixels of how far the largest of the three samples is above the smallest, as a share of
/// full scale. 0 for grey, and for a grey picture stored as colour.
enum Colourfulness {
    /// Red, green and blue side by side, 8 bits each.
    static func mean(rgb: UnsafeBufferPointer<UInt8>, count: Int) -> Double {
        var sum: UInt64 = 0
        for index in 0..<count {
            let (red, green, blue) = (rgb[index &* 3], rgb[index &* 3 &+ 1], rgb[index &* 3 &+ 2])
            sum &+= UInt64(max(red, green, blue) - min(red, green, blue))
        }
        return count > 0 ? Double(sum) / Double(count) / 255 : 0
    }
}
