/// Channel attention (Hu et al., CVPR 2018) as MobileNetV3 has it: global mean, ReLU, hard sigmoid.
public struct SqueezeExcitation {
    public let name: String
    public let reduce: Convolution
    public let expand: Convolution

    init(_ name: String, channels: Int, squeezed: Int, initialiser: inout Initialiser) throws {
        self.name = name
        reduce = try Convolution("\(name).reduce", inputs: channels, outputs: squeezed, kernel: 1, bias: 0, initialiser: &initialiser)
        expand = try Convolution("\(name).expand", inputs: squeezed, outputs: channels, kernel: 1, bias: 0, initialiser: &initialiser)
    }

    var parameters: [Parameter] { reduce.parameters + expand.parameters }

    func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> E.Value {
        let squeezed = try executor.relu(reduce(executor.globalAverage(x), executor))
        return try executor.multiply(x, executor.hardSigmoid(expand(squeezed, executor)))
    }
}
