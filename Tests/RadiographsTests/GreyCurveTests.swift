import Basics
import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import Testing

/// Loops over pixels equal what they are defined to be, whatever the count: vectors have ends.
@Suite struct GreyCurveTests {
    private func image(_ width: Int, _ height: Int, bits: Int, seed: UInt64) -> PixelImage {
        var random = SeededGenerator(seed: seed)
        return DrawnPictures.noise(width: width, height: height, bits: bits, using: &random)
    }

    @Test(arguments: [8, 10, 12, 16]) func histogramCountsEveryPixelOnce(bits: Int) {
        for (index, size) in [(1, 1), (3, 1), (7, 5), (64, 3), (101, 67)].enumerated() {
            let image = image(size.0, size.1, bits: bits, seed: UInt64(index))
            var expected = [UInt32](repeating: 0, count: 1 << bits)
            for sample in image.samples { expected[Int(sample)] += 1 }
            let histogram = image.histogram()
            #expect(histogram.counts == expected && histogram.total == size.0 * size.1)
        }
    }

    /// A window that is looked up while resampling is the window applied before.
    @Test(arguments: [8, 12, 16]) func windowOnTheWayEqualsWindowBefore(bits: Int) throws {
        for (seed, size) in [(33, 21), (200, 143), (5, 90)].enumerated() {
            let image = image(size.0, size.1, bits: bits, seed: UInt64(seed))
            let box = Box(x: -3.5, y: 2, width: Double(size.0) + 5, height: Double(size.1))
            let curve = try #require(image.histogram().windowCurve(low: 5, high: 90))
            let direct = image.resampled(from: box, width: 40, height: 31, fill: 7, curve: curve)
            let before = image.percentileWindowed(low: 5, high: 90).resampled(from: box, width: 40, height: 31, fill: 7)
            #expect(zip(direct, before).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) })
        }
        #expect(PixelImage(width: 2, height: 1, bits: 8, samples: [9, 9]).histogram().windowCurve(low: 1, high: 99) == nil)
    }

    /// Reducing by whole numbers with a filter as wide as its triangle: the weights written out, in double precision.
    @Test func resamplingEqualsItsDefinition() {
        for (seed, size) in [(17, 29), (64, 40), (131, 77)].enumerated() {
            let image = image(size.0, size.1, bits: 16, seed: UInt64(seed))
            let (width, height) = (size.0 / 3, size.1 / 4 + 1)
            let box = Box(x: 0.75, y: 0.25, width: Double(size.0) - 1, height: Double(size.1) - 2)
            let values = image.resampled(from: box, width: width, height: height, fill: 0)
            func weights(_ output: Int, _ start: Double, _ extent: Double, _ count: Int, _ size: Int) -> [(Int, Double)] {
                let scale: Double = extent / Double(count)
                let support: Double = max(scale, 1)
                let centre: Double = start + (Double(output) + 0.5) * scale
                var taken: [(Int, Double)] = []
                for place in 0..<size {
                    let distance: Double = abs(Double(place) + 0.5 - centre) / support
                    if distance < 1 { taken.append((place, 1 - distance)) }
                }
                let sum: Double = taken.reduce(0) { $0 + $1.1 }
                return taken.map { ($0.0, $0.1 / sum) }
            }
            for row in 0..<height {
                let rows = weights(row, box.y, box.height, height, size.1)
                for column in 0..<width {
                    var expected = 0.0
                    for (y, share) in rows {
                        for (x, weight) in weights(column, box.x, box.width, width, size.0) {
                            expected += share * weight * Double(image.samples[y * size.0 + x])
                        }
                    }
                    #expect(abs(Double(values[row * width + column]) - expected) < 0.05)
                }
            }
        }
    }

    /// The largest sample decides, wherever it lies; from a quarter of the depth on, the depth does.
    @Test func whatIsWhite() {
        for place in [0, 4_095, 4_096, 9_000, 9_999] {
            for (largest, white) in [(0, 4_095), (1, 1), (700, 700), (1_022, 1_022), (1_023, 4_095), (4_095, 4_095)] {
                var samples = [UInt16](repeating: 0, count: 10_000)
                samples[place] = UInt16(largest)
                #expect(PixelImage(width: 100, height: 100, bits: 12, samples: samples).displayMaximum == white)
            }
        }
    }

    /// Bytes for the eye, at the image's own size and at another.
    @Test func eightBitGreyRoundsAndIsCut() {
        for bits in [8, 12, 16] {
            let image = image(67, 13, bits: bits, seed: 3)
            let maximum = image.displayMaximum
            let own = image.eightBitGrey(width: 67, height: 13)
            for (byte, sample) in zip(own, image.samples) {
                let exact = Double(sample) * 255 / Double(maximum)
                #expect(abs(Double(byte) - exact) <= 0.5001)
            }
            let box = Box(x: 0, y: 0, width: 67, height: 13)
            let floats = image.resampled(from: box, width: 31, height: 9, fill: 0)
            for (byte, value) in zip(image.eightBitGrey(width: 31, height: 9), floats) {
                #expect(abs(Double(byte) - Double(value) * 255 / Double(maximum)) <= 0.501)
            }
        }
    }
}
