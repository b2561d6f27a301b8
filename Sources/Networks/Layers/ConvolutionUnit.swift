import Tensors

/// Convolution, batch normalisation, activation: the brick of MobileNets.
public struct ConvolutionUnit {
    public enum Activation: Hashable, Sendable {
        case none, relu, relu6, hardSwish
    }

    public let name: String
    public let convolution: Convolution
    public let normalisation: BatchNormalisation
    public let activation: Activation

    /// Added to the variance by TensorFlow's MobileNets, and by PyTorch.
    static let tensorFlowEpsilon = 0.001
    static let torchEpsilon = 0.00001

    init(
        _ name: String, inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1, activation: Activation,
        padding: Convolution.PaddingRule = .same, epsilon: Double = tensorFlowEpsilon, initialiser: inout Initialiser
    ) throws {
        self.name = name
        convolution = try Convolution(
            "\(name).convolution", inputs: inputs, outputs: outputs, kernel: kernel, stride: stride, groups: groups,
            padding: padding, initialiser: &initialiser)
        normalisation = try BatchNormalisation("\(name).normalisation", channels: outputs, epsilon: epsilon, initialiser: initialiser)
        self.activation = activation
    }

    var parameters: [Parameter] { convolution.parameters + normalisation.parameters }

    func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> E.Value {
        let normalised = try executor.batchNormalisation(convolution(x, executor), normalisation)
        return switch activation {
        case .none: normalised
        case .relu: try executor.reluConsuming(normalised)
        case .relu6: try executor.clampConsuming(normalised, 0, 6)
        case .hardSwish: try executor.hardSwish(normalised)
        }
    }
}
