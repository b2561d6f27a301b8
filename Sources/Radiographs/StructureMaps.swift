import Geometry

/// What a network says of each pixel of its input: how likely each structure of `AnatomyBits.all` is there.
public struct StructureMaps: Hashable, Sendable {
    /// Columns and rows.
    public let side: Int
    /// [5, side, side], row-major, 0...1.
    public let values: [Float]
    /// From pixels of the original image to pixels of the input.
    public let transform: LetterboxTransform

    /// `nil` where the count of numbers does not fit.
    public init?(side: Int, values: [Float], transform: LetterboxTransform) {
        guard side > 0, values.count == AnatomyBits.all.count * side * side else { return nil }
        (self.side, self.values, self.transform) = (side, values, transform)
    }

    /// What the same network said of the mirrored image, as if of the image itself: turned back, sides changed.
    public func mirrored() -> StructureMaps {
        var turned = [Float](repeating: 0, count: values.count)
        let plane = side * side
        for (index, bit) in AnatomyBits.all.enumerated() {
            let other = AnatomyBits.all.firstIndex(of: AnatomyBits.mirrored(bit)) ?? index
            for row in 0..<side {
                for column in 0..<side {
                    turned[index * plane + row * side + column] = values[other * plane + row * side + side - 1 - column]
                }
            }
        }
        return StructureMaps(side: side, values: turned, transform: transform) ?? self
    }

    /// The mean of two.
    public func averaged(with other: StructureMaps) -> StructureMaps {
        StructureMaps(side: side, values: zip(values, other.values).map { ($0 + $1) / 2 }, transform: transform) ?? self
    }

    /// Where a structure is at least as likely as not, in pixels of an image of this size: `AnatomyBits`, row-major. The image may be the
    /// original made smaller; its size says how much.
    /// - Parameters:
    ///   - width: Columns wanted.
    ///   - height: Rows wanted.
    ///   - originalWidth: Columns of the original, which the transform is of.
    public func bits(width: Int, height: Int, originalWidth: Int) -> [UInt8] {
        var bits = [UInt8](repeating: 0, count: width * height)
        let scale = transform.scale * Double(originalWidth) / Double(width)
        let plane = side * side
        // Columns are alike in every row.
        let columns = (0..<width).map { place(transform.offsetX + (Double($0) + 0.5) * scale) }
        values.withUnsafeBufferPointer { values in
            for row in 0..<height {
                let (top, bottom, v) = place(transform.offsetY + (Double(row) + 0.5) * scale)
                for (column, (left, right, u)) in columns.enumerated() {
                    for (index, bit) in AnatomyBits.all.enumerated() {
                        let base = index * plane
                        let above = values[base + top * side + left] * (1 - u) + values[base + top * side + right] * u
                        let below = values[base + bottom * side + left] * (1 - u) + values[base + bottom * side + right] * u
                        if above * (1 - v) + below * v >= 0.5 { bits[row * width + column] |= bit }
                    }
                }
            }
        }
        return bits
    }

    /// The two pixels beside a place, and the second one's share.
    private func place(_ x: Double) -> (Int, Int, Float) {
        let x = max(0, min(Double(side - 1), x - 0.5))
        let first = Int(x)
        return (first, min(side - 1, first + 1), Float(x - Double(first)))
    }
}
