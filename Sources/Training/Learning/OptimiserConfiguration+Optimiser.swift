import Networks
import Tensors
import TrainingSettings

extension OptimiserConfiguration {
    /// The optimiser over groups of the network's parameters with their rates; frozen ones are in none.
    func makeOptimiser(for network: any Network) throws -> any Optimiser {
        let groups = network.parameters.groups(
            backbone: network.backbone, weightDecay: weightDecay,
            rates: LayerwiseRates(backboneFactor: backboneRateFactor, decay: layerDecay))
        switch kind {
        case .adamw: return try AdamW(groups: groups)
        case .sgd: return try SGD(groups: groups, momentum: momentum, isNesterov: nesterov)
        }
    }
}
