/// Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019), by ATen's fused kernel.
public final class AdamW {
    /// Parameters that share a learning rate and a weight decay.
    public struct Group {
        public var parameters: [Tensor]
        /// Multiplies the learning rate of the schedule.
        public var rateFactor: Double
        public var weightDecay: Double

        public init(parameters: [Tensor], rateFactor: Double = 1, weightDecay: Double) {
            self.parameters = parameters
            self.rateFactor = rateFactor
            self.weightDecay = weightDecay
        }
    }

    /// First and second moments and step counts, in the order of the groups' parameters; for checkpoints.
    public private(set) var firstMoments: [Tensor] = []
    public private(set) var secondMoments: [Tensor] = []
    public private(set) var steps: [Tensor] = []
    private let groups: [Group]
    private let beta1: Double
    private let beta2: Double
    private let epsilon: Double
    private static let step = Operator("_fused_adamw_")
    private static let count = Operator("_foreach_add_", overload: "Scalar")

    public init(groups: [Group], beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) throws {
        self.groups = groups
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        for parameter in groups.flatMap(\.parameters) {
            firstMoments.append(try Tensor.zeros(parameter.shape))
            secondMoments.append(try Tensor.zeros(parameter.shape))
            steps.append(try Tensor.zeros([]))
        }
    }

    /// Moves the moments to where the parameters are.
    public func move(to device: Device) throws {
        firstMoments = try firstMoments.map { try $0.moved(to: device) }
        secondMoments = try secondMoments.map { try $0.moved(to: device) }
        steps = try steps.map { try $0.moved(to: device) }
    }

    /// One update by the gathered gradients, which are cleared after. Parameters without a gradient stay.
    public func update(learningRate: Double) throws {
        var start = 0
        for group in groups {
            var chosen: [(parameter: Tensor, gradient: Tensor, index: Int)] = []
            for (offset, parameter) in group.parameters.enumerated() {
                if let gradient = parameter.gradient { chosen.append((parameter, gradient, start + offset)) }
            }
            start += group.parameters.count
            guard !chosen.isEmpty else { continue }
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
