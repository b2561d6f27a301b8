import Basics
import Findings
import Foundation
import Radiographs

/// Pictures with structure of all sizes that have nothing in common with each other.
enum RandomPictures {
    /// 512 x 512, 12 bits: soft spots, bands and a little noise.
    static func picture(_ number: Int, side: Int = 512) -> PixelImage {
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
}
