/// Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019), by ATen's fused kernel.
public final class AdamW: Optimiser {
    public let groups: [ParameterGroup]
    // In the order of the groups' parameters.
    private var firstMoments: [Tensor]
    private var secondMoments: [Tensor]
    private var steps: [Tensor]
    private let beta1: Double
    private let beta2: Double
    private let epsilon: Double
    private static let step = Operator("_fused_adamw_")
    private static let count = Operator("_foreach_add_", overload: "Scalar")

    public init(groups: [ParameterGroup], beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) throws {
        self.groups = groups
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        let parameters = groups.flatMap(\.parameters)
        // The kernel reads memory in order: a moment lies as its parameter does.
        firstMoments = try parameters.map { try $0.zerosLike() }
        secondMoments = try parameters.map { try $0.zerosLike() }
        steps = try parameters.map { _ in try Tensor.zeros([]) }
    }

    public var state: [(name: String, tensors: [Tensor])] {
        [("first_moment", firstMoments), ("second_moment", secondMoments), ("optimiser_step", steps)]
    }

    public func move(to device: Device) throws {
        firstMoments = try firstMoments.map { try $0.moved(to: device) }
        secondMoments = try secondMoments.map { try $0.moved(to: device) }
        steps = try steps.map { try $0.moved(to: device) }
    }

    public func update(learningRate: Double) throws {
        for (group, chosen) in learning() where !chosen.isEmpty {
            try Engine.withoutGradients {
                // The kernel reads the step counts but leaves counting to its caller.
                try Self.count.call([.tensors(chosen.map { steps[$0.index] }), .real(1)])
                try Self.step.call([
                    .tensors(chosen.map(\.parameter)), .tensors(chosen.map(\.gradient)), .tensors(chosen.map { firstMoments[$0.index] }),
                    .tensors(chosen.map { secondMoments[$0.index] }), .tensors([]), .tensors(chosen.map { steps[$0.index] }),
                    .real(learningRate * group.rateFactor), .real(beta1), .real(beta2), .real(group.weightDecay), .real(epsilon),
                    .boolean(false), .boolean(false),
                ])
            }
            chosen.forEach { $0.parameter.clearGradient() }
        }
    }
}
