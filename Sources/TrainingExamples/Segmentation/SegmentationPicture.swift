import Datasets
import Foundation
import Geometry
import Radiographs

/// One picture with its mask, reduced to what training needs.
package struct SegmentationPicture: Sendable {
    /// Columns and rows of what is kept.
    package let width: Int
    package let height: Int
    /// 0...1, row-major.
    package let grey: [Float]
    /// `AnatomyBits`, row-major.
    package let bits: [UInt8]

    /// - Parameters:
    ///   - bits: Of the picture's own pixels.
    ///   - side: Longest side of what is kept.
    /// - Throws: `RadiographError` where picture and mask are not of one size.
    package init(_ pixels: PixelImage, bits: [UInt8], preprocessing: Preprocessing, side: Int) throws {
        guard bits.count == pixels.width * pixels.height else {
            throw RadiographError(
                .unsupported, "its mask has \(bits.count) pixels, and the picture \(pixels.width) x \(pixels.height)")
        }
        let kept = ExampleStore.reduced(pixels, preprocessing: preprocessing, side: side)
        let scale = 1 / Float(kept.maximum)
        (width, height) = (kept.width, kept.height)
        grey = kept.samples.map { Float($0) * scale }
        let (across, down) = (Double(pixels.width) / Double(kept.width), Double(pixels.height) / Double(kept.height))
        var reduced = [UInt8](repeating: 0, count: kept.width * kept.height)
        for row in 0..<kept.height {
            let source = min(pixels.height - 1, Int((Double(row) + 0.5) * down)) * pixels.width
            for column in 0..<kept.width {
                reduced[row * kept.width + column] = bits[source + min(pixels.width - 1, Int((Double(column) + 0.5) * across))]
            }
        }
        self.bits = reduced
    }

    /// Draws a view and the mask that goes with it. Four places a pixel are looked at, so that a border's pixel is part of a structure by
    /// the share that it is covered.
    /// - Parameters:
    ///   - view: In pixels of what is kept.
    ///   - grey: [side, side], row-major: 0...1, black outside the picture, before any curve.
    ///   - masks: [5, side, side] in the order of `AnatomyBits.all`, with sides changed where the view is flipped.
    package func draw(
        _ view: AugmentedView, side: Int, grey target: UnsafeMutableBufferPointer<Float>, masks: UnsafeMutableBufferPointer<Float>
    ) {
        let map = view.map(from: Box(x: 0, y: 0, width: Double(side), height: Double(side)))
        let plane = side * side
        let structures = AnatomyBits.all
        masks.update(repeating: 0)
        grey.withUnsafeBufferPointer { grey in
            bits.withUnsafeBufferPointer { bits in
                for row in 0..<side {
                    for column in 0..<side {
                        var sum: Float = 0
                        let place = row * side + column
                        for sub in 0..<4 {
                            let (x, y) = map(
                                x: Double(column) + 0.25 + 0.5 * Double(sub & 1), y: Double(row) + 0.25 + 0.5 * Double(sub >> 1))
                            guard x >= 0, y >= 0, x < Double(width), y < Double(height) else { continue }
                            sum += bilinear(grey, Float(x) - 0.5, Float(y) - 0.5)
                            var seen = bits[Int(y) * width + Int(x)]
                            guard seen != 0 else { continue }
                            if view.isFlipped { seen = AnatomyBits.mirrored(seen) }
                            for (index, bit) in structures.enumerated() where seen & bit != 0 { masks[index * plane + place] += 0.25 }
                        }
                        target[place] = sum * 0.25
                    }
                }
            }
        }
    }

    @inline(__always)
    private func bilinear(_ grey: UnsafeBufferPointer<Float>, _ x: Float, _ y: Float) -> Float {
        let (x, y) = (max(0, min(Float(width - 1), x)), max(0, min(Float(height - 1), y)))
        let (left, top) = (Int(x), Int(y))
        let (right, bottom) = (min(width - 1, left + 1), min(height - 1, top + 1))
        let (u, v) = (x - Float(left), y - Float(top))
        let above = grey[top * width + left] * (1 - u) + grey[top * width + right] * u
        let below = grey[bottom * width + left] * (1 - u) + grey[bottom * width + right] * u
        return above * (1 - v) + below * v
    }
}
