import Foundation

/// From the picture's grey to shown grey, 0...1: gamma, exposure, contrast and brightness.
///
/// A table over the root of grey, interpolated: the depth of the picture is kept (no steps), and next to black, where a power below 1 is
/// steepest, the table is finest.
package struct GreyCurve: Sendable {
    private let values: [Float]
    private let rises: [Float]
    private let scale: Float

    /// - Parameter maximum: The picture's full scale.
    package init(_ view: AugmentedView, maximum: Float) {
        let steps = 512
        // Full scale lies on the last node but one, so that a place rounded upwards still has a node after it.
        scale = Float(steps) * Float(steps) / maximum
        let gain = exp2(view.exposure)
        let nodes = (0...steps + 1).map { step in
            let root = Double(step) / Double(steps)
            return Float((pow(root, 2 * view.gamma) * gain - 0.5) * view.contrast + 0.5 + view.brightness)
        }
        values = nodes
        rises = (0...steps).map { nodes[$0 + 1] - nodes[$0] }
    }

    /// Grey in the picture's units becomes shown grey.
    package func apply(to greys: UnsafeMutableBufferPointer<Float>) {
        values.withUnsafeBufferPointer { values in
            rises.withUnsafeBufferPointer { rises in
                let limit = Float(rises.count - 1)
                for index in greys.indices {
                    let place = min(limit, max(0, greys[index] * scale).squareRoot())
                    let step = Int(place)
                    greys[index] = min(1, max(0, values[step] + rises[step] * (place - Float(step))))
                }
            }
        }
    }
}
