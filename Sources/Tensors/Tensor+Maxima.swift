import Foundation

/// Largest numbers, and smooth ones.
extension Tensor {
    private enum Operators {
        static let maxima = Operator("amax")
        static let logSumExp = Operator("logsumexp")
    }

    /// The largest numbers over `axes`; equal ones share the gradient.
    public func maxima(axes: [Int], keepAxes: Bool) throws -> Tensor {
        try Operators.maxima(.tensor(self), .integers(axes), .boolean(keepAxes))
    }

    /// log Σ exp over `axes`, which go; computed without overflow.
    public func logSumExp(axes: [Int]) throws -> Tensor {
        try Operators.logSumExp(.tensor(self), .integers(axes), .boolean(false))
    }

    /// The smooth maximum over one axis, which goes: (1 / r) log mean exp(r x). It lies between the mean (r near 0) and the maximum (r
    /// large), and does not grow with the count of numbers (Pinheiro and Collobert, CVPR 2015).
    /// - Parameter sharpness: r, above 0.
    public func smoothMaximum(axis: Int, sharpness: Double) throws -> Tensor {
        let shape = shape
        guard shape.indices.contains(axis), shape[axis] > 0, sharpness > 0 else {
            throw TensorError(.shape, "\(shape) has no smooth maximum over axis \(axis) with a sharpness of \(sharpness)")
        }
        let count = Double(shape[axis])
        return try ((self * sharpness).logSumExp(axes: [axis]) + -log(count)) * (1 / sharpness)
    }
}
