/// A convolution in two steps (Howard et al., MobileNets, arXiv:1704.04861): 3 x 3 within each channel, then 1 x 1 across them, each
/// normalised and followed by a ReLU.
struct SeparableConvolution {
    let depthwise: ConvolutionUnit
    let pointwise: ConvolutionUnit

    init(_ name: String, inputs: Int, outputs: Int, stride: Int = 1, initialiser: inout Initialiser) throws {
        depthwise = try ConvolutionUnit(
            "\(name).depthwise", inputs: inputs, outputs: inputs, kernel: 3, stride: stride, groups: inputs, activation: .relu,
            epsilon: ConvolutionUnit.torchEpsilon, initialiser: &initialiser)
        pointwise = try ConvolutionUnit(
            "\(name).pointwise", inputs: inputs, outputs: outputs, kernel: 1, activation: .relu, epsilon: ConvolutionUnit.torchEpsilon,
            initialiser: &initialiser)
    }

    var parameters: [Parameter] { depthwise.parameters + pointwise.parameters }

    /// [N, inputs, H, W] to [N, outputs, ⌈H / stride⌉, ⌈W / stride⌉].
    func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> E.Value {
        try pointwise(depthwise(x, executor), executor)
    }
}
