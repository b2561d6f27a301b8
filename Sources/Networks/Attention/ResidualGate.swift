import Tensors

/// Multiplies a map by 1 + a · g, with a number a for every channel that starts at 0: at first nothing is changed, and the detector
/// learns by itself how much the gate counts. A number a channel is LayerScale's way (Touvron et al., Going deeper with image
/// transformers, ICCV 2021): channels that tell of a finding and channels that tell of its surroundings need not want the same.
struct ResidualGate {
    /// [1, C, 1, 1].
    let amount: Parameter

    init(_ name: String, channels: Int, initialiser: Initialiser) throws {
        // As a bias: weight decay would hold it at 0.
        amount = Parameter(name: "\(name).amount", role: .bias, tensor: try initialiser.constant([1, channels, 1, 1], 0))
    }

    /// - Parameters:
    ///   - x: [N, C, H, W].
    ///   - gate: g, [N, C or 1, H, W].
    func callAsFunction<E: Executor>(_ x: E.Value, _ gate: E.Value, _ executor: E) throws -> E.Value {
        let one = try executor.constant([1], shape: [1, 1, 1, 1], name: "one")
        return try executor.multiply(x, executor.add(executor.multiply(gate, executor.value(of: amount)), one))
    }
}
