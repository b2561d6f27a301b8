import TrainingExamples

/// How gradients become steps.
public struct OptimiserConfiguration: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, CaseIterable, Hashable, Sendable {
        /// Loshchilov and Hutter, ICLR 2019.
        case adamw
        /// With momentum, as PyTorch has it.
        case sgd
    }

    package static let highestRate = 100.0

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
        try SettingRange.refuse(
            SettingRange.fault("optimiser.learning_rate", learningRate, above: 0, to: Self.highestRate),
            SettingRange.fault("optimiser.backbone_rate_factor", backboneRateFactor, 0...Self.highestRate),
            SettingRange.fault("optimiser.layer_decay", layerDecay, above: 0, to: 1),
            SettingRange.fault("optimiser.weight_decay", weightDecay, 0...10),
            SettingRange.fault("optimiser.momentum", momentum, from: 0, below: 1),
            SettingRange.fault("optimiser.gradient_limit", gradientLimit, above: 0, to: 1e12),
            SettingRange.fault("optimiser.frozen_stages", frozenStages, 0...100))
        guard !nesterov || (kind == .sgd && momentum > 0) else {
            throw TrainingError(
                .configuration, "optimiser.nesterov is true; it goes with optimiser.kind sgd and an optimiser.momentum above 0")
        }
    }
}
