/// The brick of MobileNetV2 (Sandler et al., CVPR 2018) and EfficientNet-Lite: expand, depthwise, project; ReLU6 but for the last.
public struct InvertedResidual {
    public let name: String
    public let expand: ConvolutionUnit?
    public let depthwise: ConvolutionUnit
    public let project: ConvolutionUnit
    let isResidual: Bool

    init(
        _ name: String, inputs: Int, expansion: Int, outputs: Int, kernel: Int, stride: Int, padding: Convolution.PaddingRule,
        epsilon: Double, initialiser: inout Initialiser
    ) throws {
        self.name = name
        let inner = inputs * expansion
        expand =
            expansion == 1
            ? nil
            : try ConvolutionUnit(
                "\(name).expand", inputs: inputs, outputs: inner, kernel: 1, activation: .relu6, padding: padding, epsilon: epsilon,
                initialiser: &initialiser)
        depthwise = try ConvolutionUnit(
            "\(name).depthwise", inputs: inner, outputs: inner, kernel: kernel, stride: stride, groups: inner, activation: .relu6,
            padding: padding, epsilon: epsilon, initialiser: &initialiser)
        project = try ConvolutionUnit(
            "\(name).project", inputs: inner, outputs: outputs, kernel: 1, activation: .none, padding: padding, epsilon: epsilon,
            initialiser: &initialiser)
        isResidual = stride == 1 && inputs == outputs
    }

    var parameters: [Parameter] { (expand?.parameters ?? []) + depthwise.parameters + project.parameters }

    func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> E.Value { try expanded(x, executor).output }

    /// The output, and that of the expansion (the input where there is none).
    func expanded<E: Executor>(_ x: E.Value, _ executor: E) throws -> (output: E.Value, expansion: E.Value) {
        let expansion = try expand?(x, executor) ?? x
        let y = try project(depthwise(expansion, executor), executor)
        return (isResidual ? try executor.add(y, x) : y, expansion)
    }
}
