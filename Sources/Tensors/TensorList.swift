/// Operators over many tensors at once: one call, one pass.
public enum TensorList {
    private static let lerp = Operator("_foreach_lerp_", overload: "Scalar")
    private static let multiply = Operator("_foreach_mul_", overload: "Scalar")
    private static let norms = Operator("_foreach_norm", overload: "Scalar")
    private static let stack = Operator("stack")

    /// targets += (sources - targets) * weight, in place: an exponential moving average with `weight` = 1 - decay.
    public static func interpolate(_ targets: [Tensor], towards sources: [Tensor], weight: Double) throws {
        try Engine.withoutGradients { try lerp.call([.tensors(targets), .tensors(sources), .real(weight)]) }
    }

    /// Multiplies every tensor by a number, in place.
    public static func scale(_ tensors: [Tensor], by factor: Double) throws {
        guard !tensors.isEmpty else { return }
        try Engine.withoutGradients { try multiply.call([.tensors(tensors), .real(factor)]) }
    }

    /// Scales all gradients so that their joint Euclidean length is at most `limit` (Pascanu et al. 2013).
    /// - Returns: The length before.
    public static func clipGradients(_ parameters: [Tensor], to limit: Double) throws -> Double {
        let gradients = parameters.compactMap(\.gradient)
        guard !gradients.isEmpty else { return 0 }
        return try Engine.withoutGradients {
            let lengths = try norms.call([.tensors(gradients), .integer(2)])
            let total = try stack(.tensors(lengths)).norm().item()
            if total > limit, total.isFinite { try multiply.call([.tensors(gradients), .real(limit / total)]) }
            return total
        }
    }
}
