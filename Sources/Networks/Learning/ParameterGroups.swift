import Tensors

/// How fast the parts of a network learn: the new layers at the schedule's rate, a pretrained backbone slower, and its early stages, which
/// see edges and textures that any picture has, slowest (layer-wise decay, Howard and Ruder, ACL 2018; Bao et al., BEiT, ICLR 2022).
public struct LayerwiseRates: Codable, Hashable, Sendable {
    /// The whole backbone's rate over that of the other layers.
    public var backboneFactor: Double
    /// The rate of a stage over that of the next one, and of the last stage over `backboneFactor`; 1 for the same everywhere.
    public var decay: Double

    public init(backboneFactor: Double = 1, decay: Double = 1) {
        self.backboneFactor = backboneFactor
        self.decay = decay
    }

    /// Of a stage of the backbone, counted from the input.
    public func factor(stage: Int, of count: Int) -> Double {
        (stage..<count).reduce(backboneFactor) { factor, _ in factor * decay }
    }
}

extension DetectionNetwork {
    /// What an optimiser is to learn, and how fast; see `[Parameter].groups`.
    public func parameterGroups(weightDecay: Double, rates: LayerwiseRates = LayerwiseRates()) -> [ParameterGroup] {
        parameters.groups(backbone: backbone, weightDecay: weightDecay, rates: rates)
    }
}

extension [Parameter] {
    /// The parameters that are learnt as groups with rates of their own: weights, then biases and normalisations (which do not decay), of
    /// the backbone and then of everything else. With a layer-wise decay the backbone's stages are apart, from the input on.
    public func groups(backbone: any Backbone, weightDecay: Double, rates: LayerwiseRates = LayerwiseRates()) -> [ParameterGroup] {
        let stages = backbone.stages
        let known = Set(stages.joined().map(ObjectIdentifier.init))
        let parts: [(parameters: [Parameter], factor: Double)] =
            (rates.decay == 1
                ? [(stages.flatMap { $0 }, rates.backboneFactor)]
                : stages.enumerated().map { ($1, rates.factor(stage: $0, of: stages.count)) })
            + [(filter { !known.contains(ObjectIdentifier($0)) }, 1)]
        return parts.flatMap { parameters, factor in
            [Parameter.Role.weight, .bias].map { role in
                ParameterGroup(
                    parameters: parameters.filter { $0.isLearnt && $0.role == role }.map(\.tensor), rateFactor: factor,
                    weightDecay: role == .weight ? weightDecay : 0)
            }
        }
    }
}
