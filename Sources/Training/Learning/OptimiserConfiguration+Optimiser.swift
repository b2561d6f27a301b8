import Networks
import Tensors

extension OptimiserConfiguration {
    /// Groups of parameters with their rates, and the optimiser over them.
    func makeOptimiser(for network: any Network) throws -> any Optimiser {
        let stages = network.backbone.stages
        var groups: [ParameterGroup] = []
        func add(_ parameters: [Parameter], rateFactor: Double) {
            for role in [Parameter.Role.weight, .bias] {
                let chosen = parameters.filter { $0.role == role }.map(\.tensor)
                guard !chosen.isEmpty else { continue }
                groups.append(ParameterGroup(parameters: chosen, rateFactor: rateFactor, weightDecay: role == .weight ? weightDecay : 0))
            }
        }
        for (index, stage) in stages.enumerated() where index >= frozenStages {
            var factor = backboneRateFactor
            for _ in index..<stages.count - 1 { factor *= layerDecay }
            add(stage, rateFactor: factor)
        }
        add(network.parameters.filter { !$0.name.hasPrefix("backbone.") }, rateFactor: 1)
        switch kind {
        case .adamw: return try AdamW(groups: groups)
        case .sgd: return try SGD(groups: groups, momentum: momentum, isNesterov: nesterov)
        }
    }
}
