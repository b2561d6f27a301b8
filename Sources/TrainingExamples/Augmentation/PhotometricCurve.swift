import Foundation

/// From the picture's grey to shown grey, 0...1: gamma, exposure, contrast and brightness.
///
/// A table, interpolated, so that the depth of the picture is kept (no steps). Its nodes lie at equal distances within each doubling of
/// grey: next to black, where a power below 1 is steepest, they are closest. Their places are read off the bits of a floating-point number,
/// whose exponent counts the doublings.
package struct PhotometricCurve: Sendable {
    /// At each node the shown grey, and how much it rises to the next one.
    private let nodes: [SIMD2<Float>]
    private let scale: Float

    /// Nodes in a doubling, as a power of 2.
    private static let bits: UInt32 = 5
    /// 16 doublings: grey is counted from 1 to 65,536.
    private static let doublings = 16
    /// Bits of the fraction behind a node's place.
    private static let fractionBits = UInt32(Float.significandBitCount) - bits

    /// - Parameter maximum: The picture's full scale.
    package init(_ view: AugmentedView, maximum: Float) {
        scale = 65_535 / maximum
        let gain = exp2(view.exposure)
        // One node past full scale, so that full scale itself has a next one.
        let values = (0...(Self.doublings << Self.bits) + 1).map { index in
            let counted = Float(bitPattern: Float(1).bitPattern + UInt32(index) << Self.fractionBits)
            let bent = pow(Double(counted - 1) / 65_535, view.gamma)
            return Float((bent * gain - 0.5) * view.contrast + 0.5 + view.brightness)
        }
        nodes = zip(values, values.dropFirst()).map { SIMD2($0, $1 - $0) }
    }

    /// Grey in the picture's units becomes shown grey.
    package func apply(to greys: UnsafeMutableBufferPointer<Float>) {
        let (one, shift) = (Float(1).bitPattern, Self.fractionBits)
        let (mask, step) = ((UInt32(1) << shift) - 1, 1 / Float(UInt32(1) << shift))
        nodes.withUnsafeBufferPointer { nodes in
            guard let nodes = nodes.baseAddress else { return }
            for index in greys.indices {
                let counted = min(65_536, max(0, greys[index] * scale) + 1).bitPattern &- one
                let node = nodes[Int(counted &>> shift)]
                let share = Float(Int32(truncatingIfNeeded: counted & mask)) * step
                greys[index] = min(1, max(0, node.x + node.y * share))
            }
        }
    }
}
