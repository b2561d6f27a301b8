import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import Testing

/// Resampling is PIL's.
@Suite struct ResamplingTests {
    @Test func everyCaseEqualsPIL() throws {
        let oracle = try PixelOracle.read().resampling
        let image = PixelImage(width: oracle.width, height: oracle.height, bits: 16, samples: try PixelOracle.oracle.words(oracle.source))
        #expect(oracle.cases.count == 9)
        for test in oracle.cases {
            let box = Box(x0: test.box[0], y0: test.box[1], x1: test.box[2], y1: test.box[3])
            let values = image.resampled(from: box, width: test.width, height: test.height, fill: 0)
            let expected = try PixelOracle.oracle.floats(test.values)
            #expect(values.count == expected.count)
            // Relative to each value; the smallest expected value of the cases is far from zero.
            let worst = zip(values, expected).map { abs($0 - $1) / max(abs($1), 1) }.max() ?? .infinity
            #expect(worst < 1e-3, "\(test.box) to \(test.width) x \(test.height): \(worst)")
        }
    }

    /// A rectangle past the edges has the image in its place and the fill everywhere else.
    @Test func outsideTheImageIsFill() {
        let image = PixelImage(width: 4, height: 3, bits: 8, samples: Array(1...12))
        let values = image.resampled(from: Box(x: -2, y: -1, width: 8, height: 6), width: 8, height: 6, fill: 99)
        for row in 0..<6 {
            for column in 0..<8 {
                let inside = (2..<6).contains(column) && (1..<4).contains(row)
                let expected = inside ? Float(image.samples[(row - 1) * 4 + column - 2]) : 99
                #expect(values[row * 8 + column] == expected, "row \(row), column \(column)")
            }
        }
    }
}
