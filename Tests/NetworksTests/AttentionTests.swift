import Basics
import Foundation
import ModelGraph
import Networks
import PleuraTesting
import Tensors
import Testing
import Weights

/// Attention between backbone and heads: at the start it changes nothing, and afterwards what its formulas say.
@Suite struct AttentionTests {
    enum Family: CaseIterable { case ssdlite, retina }

    static func network(
        _ family: Family, _ attention: NeckAttention, hasImageHead: Bool = false, classCount: Int = 3, seed: UInt64 = 5
    ) throws -> any DetectionNetwork {
        switch family {
        case .ssdlite:
            try SSDLite(classCount: classCount, inputSide: 160, hasImageHead: hasImageHead, attention: attention, seed: seed)
        case .retina:
            try RetinaNet(
                RetinaNet.Shape(backbone: .resNet18, channels: 64, depth: 1, hasImageHead: hasImageHead, attention: attention),
                classCount: classCount, inputSide: 256, seed: seed)
        }
    }

    private static func input(_ network: any DetectionNetwork, count: Int = 2, seed: UInt64 = 9) throws -> Tensor {
        var generator = SeededGenerator(seed: seed)
        let side = network.inputSide
        return try Tensor((0..<count * side * side).map { _ in Float(generator.uniform(-1...1)) }, shape: [count, 1, side, side])
    }

    private static let kinds = NeckAttention.allCases.filter { $0 != .none }

    // MARK: The start

    /// To the bit, in use and in training, in 32 bits and in 16, and so are all other parameters.
    @Test(arguments: Family.allCases, kinds) func atTheStartNothingIsChanged(_ family: Family, _ kind: NeckAttention) throws {
        let plain = try Self.network(family, .none, hasImageHead: true)
        let attended = try Self.network(family, kind, hasImageHead: true)
        let (before, after) = (try plain.arrays(), try attended.arrays())
        for (name, array) in before { #expect(after[name] == array, "\(name)") }
        #expect(Set(after.keys).subtracting(before.keys).allSatisfy { $0.hasPrefix("attention.") } && after.count > before.count)
        for isTraining in [false, true] {
            for in16Bits in [false, true] {
                func outputs(_ network: any DetectionNetwork) throws -> [[Float]] {
                    try Engine.withoutGradients {
                        try Engine.withAutocast(in16Bits, device: .cpu) {
                            let output = try network(Self.input(network), TorchExecutor(isTraining: isTraining))
                            return try [output.encodings, output.logits, output.quality, output.imageLogits].compactMap {
                                try $0?.floats()
                            }
                        }
                    }
                }
                #expect(try outputs(plain) == outputs(attended), "training \(isTraining), 16 bits \(in16Bits)")
            }
        }
    }

    @Test(arguments: Family.allCases) func aCopyHasTheSameAttention(_ family: Family) throws {
        let network = try Self.network(family, .both)
        #expect(try network.untrainedCopy(seed: 5).arrays() == network.arrays())
    }

    /// The head for whole images speaks for the network where there is one; else the attention's maps do.
    @Test(arguments: Family.allCases) func theImagesLogitsAreTheHeadsOrTheMaps(_ family: Family) throws {
        func output(_ attention: NeckAttention, _ hasImageHead: Bool) throws -> DetectionOutput<Tensor> {
            let network = try Self.network(family, attention, hasImageHead: hasImageHead)
            return try Engine.withoutGradients { try network(Self.input(network), TorchExecutor(isTraining: false)) }
        }
        #expect(try output(.coordinate, false).imageLogits == nil)
        let (maps, both, head) = try (output(.labels, false), output(.labels, true), output(.none, true))
        #expect(maps.attentionLogits == nil && head.attentionLogits == nil)
        #expect(try #require(maps.imageLogits).shape == [2, 3])
        #expect(try #require(both.imageLogits).floats() == #require(head.imageLogits).floats())
        #expect(try #require(both.attentionLogits).shape == [2, 3])
    }

    /// An older run's weights, from before there was attention: all are taken, and what starts fresh is told.
    @Test(arguments: Family.allCases) func weightsWithoutAttentionAreTaken(_ family: Family) throws {
        let folder = try TemporaryFolder()
        let file = folder.file("w.safetensors")
        let old = try Self.network(family, .none, seed: 2)
        try WeightFile(arrays: old.arrays(), metadata: ["architecture": old.architecture]).write(to: file)
        let network = try Self.network(family, .both)
        let own = try network.arrays()
        let report = try StartingWeights.load(file, into: network)
        let (taken, oldArrays) = (try network.arrays(), try old.arrays())
        for (name, array) in taken { #expect(array == oldArrays[name] ?? own[name], "\(name)") }
        #expect(Set(report.missing) == Set(own.keys.filter { $0.hasPrefix("attention.") }))
        #expect(report.mismatched.isEmpty && report.unused.isEmpty)
        #expect(report.lines.contains { $0.contains("not in the file, start fresh: \(report.missing.count) (") })
    }

    // MARK: Formulas

    /// P equal numbers give that number; a high one among P - 1 low ones gives log((exp(r z) + (P - 1) exp(r b)) / P) / r.
    @Test func theSmoothMaximumEqualsItsClosedForm() throws {
        let executor = TorchExecutor(isTraining: false)
        func pooled(_ values: [Float], _ sharpness: Double) throws -> Double {
            try executor.smoothMaximum(Tensor(values, shape: [1, 1, values.count]), sharpness: sharpness).item()
        }
        for sharpness in [0.5, 1, 5] {
            #expect(abs(try pooled([Float](repeating: -2.2, count: 500), sharpness) + 2.2) < 1e-5)
            let expected = Foundation.log((Foundation.exp(sharpness * 1.5) + 99 * Foundation.exp(sharpness * -3)) / 100) / sharpness
            #expect(abs(try pooled([1.5] + [Float](repeating: -3, count: 99), sharpness) - expected) < 1e-5)
        }
        // Neither overflows: exp(5000) is no number.
        #expect(abs(try pooled([1000, 0, 0, 0], 5) - (1000 - Foundation.log(4) / 5)) < 1e-3)
        #expect(abs(try pooled([-1000, -1000], 5) + 1000) < 1e-3)
        #expect(throws: TensorError.self) { try Tensor.zeros([2, 0, 3]).smoothMaximum(axis: 1, sharpness: 5) }
        #expect(throws: TensorError.self) { try Tensor.zeros([2, 3]).smoothMaximum(axis: 1, sharpness: 0) }
    }

    /// Every place of both maps counts: the image's logits from the maps' own weights, by brute force over the backbone's maps.
    @Test func theImagesLogitsArePooledOverBothMaps() throws {
        let network = try SSDLite(classCount: 3, inputSide: 160, attention: .labels, seed: 5)
        let input = try Self.input(network, count: 1)
        let executor = TorchExecutor(isTraining: false)
        let (maps, logits) = try Engine.withoutGradients {
            (try network.backbone(input, executor), try #require(network(input, executor).imageLogits).floats())
        }
        let arrays = try network.arrays()
        for finding in 0..<3 {
            var sum = 0.0, count = 0.0
            for (index, map) in maps.enumerated() {
                let weight = try #require(arrays["attention.labels.map_\(index).weight"])
                let bias = try #require(arrays["attention.labels.map_\(index).bias"])
                let (channels, places) = (map.shape[1], map.shape[2] * map.shape[3])
                let values = try map.floats()
                for place in 0..<places {
                    let logit = (0..<channels).reduce(Double(bias.values[finding])) {
                        $0 + Double(values[$1 * places + place]) * Double(weight.values[finding * channels + $1])
                    }
                    sum += Foundation.exp(LabelAttention.sharpness * logit)
                    count += 1
                }
            }
            #expect(count == 125)
            let expected = Foundation.log(sum / count) / LabelAttention.sharpness
            #expect(abs(Double(logits[finding]) - expected) < 1e-4 * max(1, abs(expected)))
        }
    }

    /// Multiplications of one image beside those without attention, from the layers' sizes.
    @Test func theCostIsThatOfTheLayers() throws {
        func multiplications(_ attention: NeckAttention) throws -> Double {
            let network = try SSDLite(classCount: 8, attention: attention, seed: 1)
            let cost = CostExecutor()
            _ = try network.detect(cost.input(channels: 1, side: 320), cost)
            return cost.multiplications
        }
        let plain = try multiplications(.none)
        let labels = Double(8 * (672 * 20 * 20 + 480 * 10 * 10))
        // Extra levels of 5, 3, 2 and 1 places a side: a bottleneck over rows and columns, then each back to all channels.
        let levels: [(channels: Int, squeezed: Int, side: Int)] = [(512, 16, 5), (256, 8, 3), (256, 8, 2), (128, 8, 1)]
        var coordinate = 0.0
        for level in levels { coordinate += Double(4 * level.channels * level.squeezed * level.side) }
        #expect(try multiplications(.labels) - plain == labels)
        #expect(try multiplications(.coordinate) - plain == coordinate)
        #expect(try multiplications(.both) - plain == labels + coordinate)
        #expect(labels + coordinate < 0.01 * plain)
    }

    // MARK: Gradients

    /// Each new operation against central differences in 64 bits, number by number.
    @Test func theOperationsGradientsEqualFiniteDifferences() throws {
        let executor = TorchExecutor(isTraining: true)
        let operations: [(name: String, shape: [Int], run: (Tensor) throws -> Tensor)] = [
            ("row average", [2, 3, 4, 5], executor.rowAverage), ("transposed", [2, 3, 4, 5], executor.transposed),
            ("rows", [2, 3, 4, 5], { try executor.rows($0, 1..<3) }), ("channel maximum", [2, 3, 4, 5], executor.channelMaximum),
            ("places", [2, 3, 4, 5], executor.places), ("smooth maximum", [2, 3, 7], { try executor.smoothMaximum($0, sharpness: 5) }),
        ]
        var generator = SeededGenerator(seed: 4)
        for (name, shape, run) in operations {
            let values = (0..<shape.reduce(1, *)).map { _ in generator.uniform(-1...1) }
            let count = try run(Tensor(doubles: values, shape: shape)).count
            let factors = (0..<count).map { _ in generator.uniform(-1...1) }
            func total(_ x: Tensor) throws -> Tensor {
                let y = try run(x)
                return try (y * Tensor(doubles: factors, shape: y.shape)).sum()
            }
            let x = try Tensor(doubles: values, shape: shape)
            try x.setRequiresGradient(true)
            try total(x).backward()
            let gradient = try #require(x.gradient).doubles()
            for index in values.indices {
                var (low, high) = (values, values)
                low[index] -= 1e-6
                high[index] += 1e-6
                let slope =
                    try (total(Tensor(doubles: high, shape: shape)).doubles()[0] - total(Tensor(doubles: low, shape: shape)).doubles()[0])
                    / 2e-6
                #expect(abs(slope - gradient[index]) < 1e-6, "\(name), \(index)")
            }
        }
    }

    /// The attention's own parameters within a whole detector, gates open and shut, in 64 bits: a step along the gradient.
    @Test(arguments: Family.allCases, [false, true])
    func theAttentionsGradientsEqualFiniteDifferences(_ family: Family, _ isOpen: Bool) throws {
        let network = try Self.network(family, .both, hasImageHead: true)
        try network.makeStatistics(of: Self.input(network))
        if isOpen { try network.openGates() }
        for parameter in network.parameters { parameter.tensor = try parameter.tensor.asDouble() }
        let input = try Self.input(network).asDouble()
        var generator = SeededGenerator(seed: 8)
        let executor = TorchExecutor(isTraining: true, normalisation: .frozen)
        var factors: [Int: Tensor] = [:]
        func total() throws -> Tensor {
            let output = try network(input, executor)
            let parts = try [output.logits, output.encodings, #require(output.attentionLogits)]
            var sum: Tensor?
            for (index, part) in parts.enumerated() {
                let factor =
                    try factors[index] ?? Tensor(doubles: (0..<part.count).map { _ in generator.uniform(-1...1) }, shape: part.shape)
                factors[index] = factor
                let own = try (part * factor).sum()
                sum = try sum.map { try $0 + own } ?? own
            }
            return try #require(sum)
        }
        let learnt = network.parameters.filter { $0.name.hasPrefix("attention.") && $0.isLearnt }
        for parameter in learnt { try parameter.tensor.setRequiresGradient(true) }
        try total().backward()
        for parameter in learnt {
            let gradient = try #require(parameter.tensor.gradient, "\(parameter.name)").doubles()
            let length = gradient.reduce(0) { $0 + $1 * $1 }
            // Behind a gate that is shut nothing of coordinate attention is seen yet; its gate itself has a gradient.
            guard length > 0 else {
                #expect(!isOpen && parameter.name.contains("coordinate") && !parameter.name.hasSuffix(".amount"), "\(parameter.name)")
                continue
            }
            let shape = parameter.tensor.shape
            let values = try parameter.tensor.doubles()
            let step = 1e-6 / length.squareRoot()
            let ends = try [-step, step].map { step in
                try Engine.withoutGradients {
                    try parameter.tensor.copyNumbers(from: Tensor(doubles: zip(values, gradient).map { $0 + step * $1 }, shape: shape))
                    return try total().doubles()[0]
                }
            }
            try Engine.withoutGradients { try parameter.tensor.copyNumbers(from: Tensor(doubles: values, shape: shape)) }
            let slope = (ends[1] - ends[0]) / (2 * step)
            #expect(abs(slope - length) < 1e-3 * length, "\(parameter.name): \(slope) against \(length)")
        }
    }
}

extension DetectionNetwork {
    /// Gates that let through, a different amount a channel, as learnt ones do.
    func openGates() throws {
        for parameter in parameters where parameter.name.hasSuffix(".amount") {
            // Small enough that rounding is not blown up: the statistics were taken with the gates shut.
            let values = (0..<parameter.tensor.count).map { Float(($0 * 7) % 11) / 20 - 0.2 }
            parameter.tensor = try Tensor(values, shape: parameter.tensor.shape)
        }
    }

    /// Statistics of normalisations that fit an input, as those of a pretrained network do.
    func makeStatistics(of input: Tensor) throws {
        try Engine.withoutGradients { _ = try self(input, TorchExecutor(isTraining: true, momentum: 1)) }
    }
}
