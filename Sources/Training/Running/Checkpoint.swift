import Foundation
import ModelGraph
import Networks
import Tensors

/// All that a training needs to go on: weights, their moving average, what the optimiser remembers and the step.
struct Checkpoint {
    static func write(to url: URL, step: Int, network: any DetectionNetwork, average: [Tensor], optimiser: any Optimiser) throws {
        var arrays = try network.arrays().reduce(into: [String: NumericArray]()) { $0["network/\($1.key)"] = $1.value }
        func add(_ prefix: String, _ tensors: [Tensor]) throws {
            for (index, tensor) in tensors.enumerated() {
                arrays["\(prefix)/\(index)"] = NumericArray(shape: tensor.shape, values: try tensor.floats())
            }
        }
        try add("average", average)
        for (name, tensors) in optimiser.state { try add(name, tensors) }
        try WeightFile(arrays: arrays, metadata: ["step": "\(step)"]).write(to: url)
    }

    /// - Returns: The step to go on with.
    static func restore(from url: URL, network: any DetectionNetwork, average: [Tensor], optimiser: any Optimiser) throws -> Int {
        let file = try WeightFile(contentsOf: url)
        guard let step = file.metadata["step"].flatMap(Int.init) else { throw TrainingError(.run, "the checkpoint names no step") }
        func take(_ prefix: String, into tensors: [Tensor]) throws {
            for (index, tensor) in tensors.enumerated() {
                guard let array = file.arrays["\(prefix)/\(index)"], array.shape == tensor.shape else {
                    throw TrainingError(.run, "the checkpoint does not fit this network (\(prefix) \(index))")
                }
                try Engine.withoutGradients { try tensor.copyNumbers(from: Tensor(array.values, shape: array.shape)) }
            }
        }
        let weights = network.parameters.map { "network/\($0.name)" }
        for (name, parameter) in zip(weights, network.parameters) {
            guard let array = file.arrays[name], array.shape == parameter.tensor.shape else {
                throw TrainingError(.run, "the checkpoint does not fit this network (\(parameter.name))")
            }
            try Engine.withoutGradients { try parameter.tensor.copyNumbers(from: Tensor(array.values, shape: array.shape)) }
        }
        try take("average", into: average)
        for (name, tensors) in optimiser.state { try take(name, into: tensors) }
        return step
    }
}
