import Basics
import Findings
import Foundation
import Geometry
import Radiographs

/// Pictures of which a test knows every pixel, or as much as it needs.
public enum DrawnPictures {
    /// One grey.
    /// - Parameter grey: A sample, 0 to 2^bits - 1.
    public static func flat(width: Int, height: Int, bits: Int = 8, grey: UInt16) -> PixelImage {
        PixelImage(width: width, height: height, bits: bits, samples: [UInt16](repeating: grey, count: width * height))
    }

    /// Every sample of its own, uniform in 0 to 2^bits - 1.
    public static func noise(width: Int, height: Int, bits: Int, using random: inout SeededGenerator) -> PixelImage {
        let limit = UInt16((1 << bits) - 1)
        return PixelImage(
            width: width, height: height, bits: bits,
            samples: (0..<width * height).map { _ in UInt16.random(in: 0...limit, using: &random) })
    }

    /// One grey but for a white rectangle.
    /// - Parameters:
    ///   - white: In pixels from the top-left corner; a pixel is white where its middle is inside.
    ///   - ground: A sample, 0 to 2^bits - 1.
    public static func rectangle(_ white: Box, width: Int, height: Int, bits: Int = 16, ground: UInt16 = 0) -> PixelImage {
        let limit = UInt16((1 << bits) - 1)
        let samples = (0..<width * height).map { place in
            let (x, y) = (Double(place % width) + 0.5, Double(place / width) + 0.5)
            return x > white.x && x < white.maxX && y > white.y && y < white.maxY ? limit : ground
        }
        return PixelImage(width: width, height: height, bits: bits, samples: samples)
    }

    /// 64 x 64 pixels in 4 x 4 cells of 16 x 16, as `TinyModel` looks at them.
    /// - Parameter levels: [16], row by row, 0 black and 1 white.
    public static func cells(_ levels: [Double], bits: Int = 8) -> PixelImage {
        let limit = Double((1 << bits) - 1)
        let samples = (0..<64 * 64).map { UInt16((levels[$0 % 64 / 16 + $0 / 64 / 16 * 4] * limit).rounded()) }
        return PixelImage(width: 64, height: 64, bits: bits, samples: samples)
    }

    /// The same, black but for one white cell.
    /// - Parameters:
    ///   - column: 0 to 3.
    ///   - row: 0 to 3.
    public static func cell(column: Int, row: Int, bits: Int = 8) -> PixelImage {
        cells((0..<16).map { $0 == row * 4 + column ? 1 : 0 }, bits: bits)
    }

    /// Structure of all sizes: soft spots, bands and a little noise. Two of them have nothing in common.
    /// - Parameters:
    ///   - number: Which of them.
    ///   - side: Columns and rows; 12 bits.
    public static func structured(_ number: Int, side: Int = 512) -> PixelImage {
        var random = SeededGenerator(seed: 0x9A, stream: UInt64(number))
        var values = [Double](repeating: 2_000, count: side * side)
        for _ in 0..<260 {
            let size = Double(side) * pow(2, random.uniform(-6.5 ... -2.5))
            let (x, y) = (random.uniform(0...Double(side)), random.uniform(0...Double(side)))
            let (height, stretch) = (random.uniform(-350...350), random.uniform(0.4...2.5))
            let reach = Int(size * 3 * max(1, 1 / stretch))
            for row in max(0, Int(y) - reach)..<min(side, Int(y) + reach) {
                for column in max(0, Int(x) - reach)..<min(side, Int(x) + reach) {
                    let (dx, dy) = ((Double(column) - x) / size, (Double(row) - y) / size * stretch)
                    values[row * side + column] += height * exp(-(dx * dx + dy * dy) / 2)
                }
            }
        }
        return PixelImage(
            width: side, height: side, bits: 12,
            samples: values.map { UInt16(max(0, min(4_095, $0 + random.uniform(-20...20)))) })
    }

    /// What reads back what was drawn: PNG and JPEG.
    public static let decoders = DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()])

    /// A PNG or JPEG as grey.
    public static func decoded(_ bytes: Data) throws -> PixelImage { try decoders.decode(bytes).pixels }
}
