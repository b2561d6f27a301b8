import Explanations
import Foundation
import Geometry
import Radiographs
import Testing

@Suite struct MaskedImageTests {
    @Test func theBarsOfTheLetterboxAreNeverHidden() throws {
        let input = try DrawnInput.input(width: 64, height: 32, side: 64, bar: 0.25) { x, y in Float(x + y) / 96 }
        let image = try MaskedImage(inputs: [input], width: 64, height: 32)
        #expect(image.plane.width == 64 && image.plane.height == 32)
        let hidden = image.inputs(visible: [Float](repeating: 0, count: image.plane.count))[0]
        for y in 0..<64 {
            for x in 0..<64 {
                let value = hidden[y * 64 + x]
                // Nor do they bleed into the fill.
                if y < 16 || y >= 48 { #expect(value == input.values[y * 64 + x] && abs(value - 0.25) < 1e-6) }
            }
        }
        #expect(image.inputs(visible: [Float](repeating: 1, count: image.plane.count))[0] == input.values)
    }

    @Test func aMaskHidesJustItsPixels() throws {
        let input = try DrawnInput.input(width: 32, height: 64, side: 64) { x, y in x == 5 && y == 60 ? 1 : 0 }
        let image = try MaskedImage(inputs: [input], width: 32, height: 64, fill: .mean)
        var visible = [Float](repeating: 1, count: image.plane.count)
        visible[60 * 32 + 5] = 0.25
        let values = image.inputs(visible: visible)[0]
        let mean = Float(1) / Float(32 * 64)
        let changed = values.indices.filter { values[$0] != input.values[$0] }
        #expect(changed == [60 * 64 + 16 + 5])
        #expect(abs(values[60 * 64 + 21] - (0.25 + 0.75 * mean)) < 1e-6)
    }

    /// The blur, against its definition written out.
    @Test func theFillIsTheImageBlurred() throws {
        let input = try DrawnInput.input(width: 32, height: 32, side: 32) { x, y in Float((7 * x + 13 * y * y) % 29) / 29 }
        let image = try MaskedImage(inputs: [input], width: 32, height: 32)
        let fill = image.inputs(visible: [Float](repeating: 0, count: 1024))[0]
        // 20 px at 320 are 2 at 32; six pixels to either side.
        let bell = (-6...6).map { exp(-Double($0 * $0) / 8) }
        let sum = bell.reduce(0, +)
        for (x, y) in [(0, 0), (15, 15), (31, 2), (8, 30)] {
            var expected = 0.0
            for dy in -6...6 {
                for dx in -6...6 {
                    let (column, row) = (min(31, max(0, x + dx)), min(31, max(0, y + dy)))
                    expected += bell[dx + 6] * bell[dy + 6] / (sum * sum) * Double(input.values[row * 32 + column])
                }
            }
            #expect(abs(Double(fill[y * 32 + x]) - expected) < 1e-5)
        }
    }
}
