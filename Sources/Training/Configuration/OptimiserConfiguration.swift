/// How gradients become steps.
public struct OptimiserConfiguration: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, CaseIterable, Hashable, Sendable {
        /// Loshchilov and Hutter, ICLR 2019.
        case adamw
        /// With momentum, as PyTorch has it.
        case sgd
    }

    package static let highestRate = 1_000.0

    public var kind = Kind.adamw
    /// Highest learning rate, of the new layers.
    public var learningRate = 1e-3
    /// The backbone's rate relative to it: it starts from good features.
    public var backboneRateFactor = 0.3
    /// Each stage of the backbone has this times the rate of the stage after it; 1 gives all the same.
    public var layerDecay = 1.0
    /// Of weights; biases and normalisations have none.
    public var weightDecay = 0.02
    /// Of `sgd`.
    public var momentum = 0.9
    /// Of `sgd`: Nesterov's momentum.
    public var nesterov = false
    /// Longest allowed gradient (Pascanu et al. 2013).
    public var gradientLimit = 10.0
    /// The first stages of the backbone that stay as they are; their forward runs without gradients.
    public var frozenStages = 0

    public init() {}

    /// - Throws: `TrainingError`.
    func validated() throws {
        guard learningRate > 0, learningRate <= Self.highestRate, (0...Self.highestRate).contains(backboneRateFactor),
            (0...1).contains(layerDecay), layerDecay > 0,
            (0...Self.highestRate).contains(weightDecay), (0..<1).contains(momentum), gradientLimit > 0, (0...1_000).contains(frozenStages)
        else {
            throw TrainingError(
                .configuration,
                "optimiser: rates and limits are above 0, rates and decays at most 1000, layer_decay is at most 1, momentum is at least 0 and below 1"
            )
        }
        guard !nesterov || (kind == .sgd && momentum > 0) else {
            throw TrainingError(.configuration, "optimiser: nesterov goes with sgd and a momentum")
        }
    }
}
