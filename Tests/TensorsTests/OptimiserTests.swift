import Foundation
import Tensors
import Testing

/// Every optimiser against what torch.optim made of the same gradients (Tests/Oracles/optimisers_golden.py).
@Suite struct OptimiserTests {
    struct Golden: Decodable {
        struct Run: Decodable {
            let name: String
            let decays: [Double]
            let factors: [Double]
            let start: [[Float]]
            let rates: [Double]
            let gradients: [[[Float]?]]
            let weights: [[[Float]]]
        }
        let runs: [Run]
    }

    private static func runs() throws -> [Golden.Run] {
        let file = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/optimisers.json")
        return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file)).runs
    }

    /// The run's parameters at their start, the first in a group of its own, and the optimiser of the run's name.
    private static func begin(_ run: Golden.Run) throws -> (parameters: [Tensor], optimiser: any Optimiser) {
        let parameters = try run.start.map { values in
            let tensor = try Tensor(values, shape: [values.count])
            try tensor.setRequiresGradient(true)
            return tensor
        }
        let groups = [Array(parameters.prefix(1)), Array(parameters.dropFirst())].enumerated().map { index, parameters in
            ParameterGroup(parameters: parameters, rateFactor: run.factors[index], weightDecay: run.decays[index])
        }
        let optimiser: (any Optimiser)? =
            switch run.name {
            case "adamw": try AdamW(groups: groups)
            case "sgd", "sgd decay": try SGD(groups: groups, momentum: 0)
            case "sgd momentum": try SGD(groups: groups, momentum: 0.9)
            case "sgd nesterov": try SGD(groups: groups, momentum: 0.8, isNesterov: true)
            case "sgd decoupled": try SGD(groups: groups, momentum: 0.9, weightDecay: .decoupled)
            default: nil
            }
        return (parameters, try #require(optimiser, "no optimiser for the run \(run.name)"))
    }

    private static func update(_ run: Golden.Run, step: Int, _ parameters: [Tensor], _ optimiser: any Optimiser) throws {
        for (parameter, gradient) in zip(parameters, run.gradients[step]) {
            // The gradient of Σ g · p is g, to the bit.
            if let gradient { try (parameter * Tensor(gradient, shape: parameter.shape)).sum().backward() }
        }
        try optimiser.update(learningRate: run.rates[step])
    }

    private static func distance(_ tensors: [Tensor], _ expected: [[Float]]) throws -> Float {
        try zip(tensors, expected).map { tensor, numbers in
            try zip(tensor.floats(), numbers).map { abs($0 - $1) }.max() ?? .infinity
        }.max() ?? .infinity
    }

    @Test(arguments: 0..<6) func everyUpdateIsTorchs(_ index: Int) throws {
        let run = try Self.runs()[index]
        let (parameters, optimiser) = try Self.begin(run)
        for step in run.rates.indices {
            try Self.update(run, step: step, parameters, optimiser)
            #expect(try Self.distance(parameters, run.weights[step]) < 2e-6, "\(run.name), step \(step)")
            #expect(parameters.allSatisfy { $0.gradient == nil }, "gradients are cleared")
        }
    }

    /// What a checkpoint does: names and numbers out of one optimiser, into a fresh one, and on to the same end.
    @Test(arguments: 0..<6) func theStateIsAllThatIsRemembered(_ index: Int) throws {
        let run = try Self.runs()[index]
        let (first, old) = try Self.begin(run)
        for step in 0..<3 { try Self.update(run, step: step, first, old) }
        let (second, new) = try Self.begin(run)
        #expect(old.state.map(\.name) == new.state.map(\.name))
        try Engine.withoutGradients {
            for (target, source) in zip(second, first) { try target.copyNumbers(from: source) }
            for (target, source) in zip(new.state, old.state) {
                for (target, source) in zip(target.tensors, source.tensors) { try target.copyNumbers(from: source) }
            }
        }
        for step in 3..<run.rates.count { try Self.update(run, step: step, second, new) }
        for step in 3..<run.rates.count { try Self.update(run, step: step, first, old) }
        for (a, b) in zip(first, second) { #expect(try a.floats() == b.floats()) }
    }

    /// The fused kernels read memory in order: a parameter that lies channels-last must step as one that does not.
    @Test func theLayoutOfAParameterDoesNotMatter() throws {
        let values = (0..<4 * 3 * 2 * 2).map { Float(sin(Double($0))) }
        let gradient = try Tensor(values.map { $0 * $0 - 0.3 }, shape: [4, 3, 2, 2])
        func end(_ weight: Tensor, _ make: ([ParameterGroup]) throws -> any Optimiser) throws -> [Float] {
            try weight.setRequiresGradient(true)
            let optimiser = try make([ParameterGroup(parameters: [weight], weightDecay: 0.1)])
            for step in 0..<3 {
                try (weight * weight * gradient).sum().backward()
                try optimiser.update(learningRate: 0.1 / Double(step + 1))
            }
            return try weight.floats()
        }
        for make in [{ try AdamW(groups: $0) }, { try SGD(groups: $0, isNesterov: true) }] as [([ParameterGroup]) throws -> any Optimiser] {
            let plain = try end(Tensor(values, shape: [4, 3, 2, 2]), make)
            let last = try end(Tensor(values, shape: [4, 3, 2, 2]).channelsLast(), make)
            for (a, b) in zip(plain, last) { #expect(abs(a - b) < 1e-6) }
        }
    }

    @Test func whatMakesNoSenseIsRefused() throws {
        #expect(throws: TensorError.self) { try SGD(groups: [], momentum: 1) }
        #expect(throws: TensorError.self) { try SGD(groups: [], momentum: .nan) }
        #expect(throws: TensorError.self) { try SGD(groups: [], momentum: 0, isNesterov: true) }
    }
}
