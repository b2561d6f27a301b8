import ModelGraph
import Networks
import Tensors

/// A moving average of all numbers of a network over its steps, which becomes the model.
struct WeightAverage {
    private let network: any ParameterOwner
    private let decay: Double
    private let averages: [Tensor]
    private var steps = 0

    init(of network: any ParameterOwner, decay: Double) throws {
        (self.network, self.decay) = (network, decay)
        averages = try Engine.withoutGradients { try network.parameters.map { try $0.tensor.detached().copied() } }
    }

    mutating func update() throws {
        steps += 1
        // Early on the past is worth little.
        let decay = min(decay, Double(1 + steps) / Double(10 + steps))
        try TensorList.interpolate(averages, towards: network.parameters.map { try $0.tensor.detached() }, weight: 1 - decay)
    }

    func arrays() throws -> [String: NumericArray] {
        try zip(network.parameters, averages).reduce(into: [:]) {
            $0[$1.0.name] = NumericArray(shape: $1.1.shape, values: try $1.1.floats())
        }
    }
}

extension Sequence<Parameter> {
    /// Weights, which decay, and biases and normalisations, which do not.
    func plainGroups(weightDecay: Double) -> [ParameterGroup] {
        [Parameter.Role.weight, .bias].map { role in
            ParameterGroup(
                parameters: filter { $0.isLearnt && $0.role == role }.map(\.tensor), weightDecay: role == .weight ? weightDecay : 0)
        }
    }
}
