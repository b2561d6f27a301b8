import Tensors

/// A three-dimensional convolution with a step of one voxel: [N, C, D, H, W] to [N, O, D, H, W], or without the voxels whose window leaves the
/// block.
public struct VolumeConvolution {
    /// [O, C, k, k, k].
    public let weight: Parameter
    /// [O], or none before a normalisation.
    public let bias: Parameter?
    public let kernel: Int
    /// Zeros around the block keep its size.
    public let keepsSize: Bool

    /// - Parameter deviation: Of the starting weights; by default He's √(2 / fan-in).
    init(
        _ name: String, inputs: Int, outputs: Int, kernel: Int, keepsSize: Bool = true, bias: Float? = nil, deviation: Double? = nil,
        initialiser: inout Initialiser
    ) throws {
        let fanIn = Double(inputs * kernel * kernel * kernel)
        weight = Parameter(
            name: "\(name).weight", role: .weight,
            tensor: try initialiser.normal(
                [outputs, inputs, kernel, kernel, kernel], deviation: deviation ?? (2 / fanIn).squareRoot()))
        self.bias = try bias.map { Parameter(name: "\(name).bias", role: .bias, tensor: try initialiser.constant([outputs], $0)) }
        (self.kernel, self.keepsSize) = (kernel, keepsSize)
    }

    /// Zeros on every side.
    var padding: Int { keepsSize ? kernel / 2 : 0 }
    var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

    func callAsFunction<E: VolumeExecutor>(_ x: E.Value, _ executor: E) throws -> E.Value { try executor.convolution(x, self) }
}

/// Convolution, batch normalisation, ReLU.
struct VolumeUnit {
    let convolution: VolumeConvolution
    let normalisation: BatchNormalisation

    init(_ name: String, inputs: Int, outputs: Int, kernel: Int = 3, keepsSize: Bool = true, initialiser: inout Initialiser) throws {
        convolution = try VolumeConvolution(
            "\(name).convolution", inputs: inputs, outputs: outputs, kernel: kernel, keepsSize: keepsSize, initialiser: &initialiser)
        normalisation = try BatchNormalisation(
            "\(name).normalisation", channels: outputs, epsilon: ConvolutionUnit.torchEpsilon, initialiser: initialiser)
    }

    var parameters: [Parameter] { convolution.parameters + normalisation.parameters }

    func callAsFunction<E: VolumeExecutor>(_ x: E.Value, _ executor: E) throws -> E.Value {
        try executor.reluConsuming(executor.batchNormalisation(convolution(x, executor), normalisation))
    }
}
