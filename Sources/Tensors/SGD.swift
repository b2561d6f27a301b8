/// Stochastic gradient descent with momentum, as `torch.optim.SGD` has it, by ATen's fused kernel.
public final class SGD: Optimiser {
    /// How weights shrink towards 0.
    public enum WeightDecay: String, Codable, Hashable, Sendable {
        /// As a part of the gradient, before the momentum: L2 regularisation, and what `torch.optim.SGD` does.
        case coupled
        /// By rate · decay · weight beside the gradient's step (Loshchilov and Hutter, ICLR 2019, algorithm 1).
        case decoupled
    }

    public let groups: [ParameterGroup]
    public let momentum: Double
    public let isNesterov: Bool
    public let weightDecay: WeightDecay
    // In the order of the groups' parameters; none without momentum. They start at 0, which for an undamped momentum is the same as
    // starting at the first gradient.
    private var momenta: [Tensor]
    private static let step = Operator("_fused_sgd_")
    private static let multiply = Operator("_foreach_mul_", overload: "Scalar")

    /// - Parameter isNesterov: Steps by the gradient and the momentum that it leaves behind (Sutskever et al., ICML 2013).
    /// - Throws: `TensorError` where the momentum is not in 0..<1, or Nesterov's is asked for without any.
    public init(groups: [ParameterGroup], momentum: Double = 0.9, isNesterov: Bool = false, weightDecay: WeightDecay = .coupled) throws {
        guard (0..<1).contains(momentum) else { throw TensorError(.optimiser, "a momentum of \(momentum) is not in 0..<1") }
        guard momentum > 0 || !isNesterov else { throw TensorError(.optimiser, "Nesterov's momentum needs a momentum above 0") }
        self.groups = groups
        self.momentum = momentum
        self.isNesterov = isNesterov
        self.weightDecay = weightDecay
        momenta = momentum > 0 ? try groups.flatMap(\.parameters).map { try $0.zerosLike() } : []
    }

    public var state: [(name: String, tensors: [Tensor])] { [("momentum", momenta)] }

    public func move(to device: Device) throws { momenta = try momenta.map { try $0.moved(to: device) } }

    public func update(learningRate: Double) throws {
        for (group, chosen) in learning() where !chosen.isEmpty {
            let rate = learningRate * group.rateFactor
            let parameters = chosen.map(\.parameter)
            try Engine.withoutGradients {
                if weightDecay == .decoupled, group.weightDecay != 0 {
                    try Self.multiply.call([.tensors(parameters), .real(1 - rate * group.weightDecay)])
                }
                try Self.step.call([
                    .tensors(parameters), .tensors(chosen.map(\.gradient)),
                    .tensors(momenta.isEmpty ? [] : chosen.map { momenta[$0.index] }),
                    .real(weightDecay == .coupled ? group.weightDecay : 0), .real(momentum), .real(rate), .real(0), .boolean(isNesterov),
                    .boolean(false), .boolean(false),
                ])
            }
            parameters.forEach { $0.clearGradient() }
        }
    }
}
