import Networks
import Tensors
import Testing

/// The memory format of pictures and weights changes the time a step takes and nothing else.
@Suite(.serialized) struct MemoryFormatTests {
    private static let networks: [@Sendable () throws -> any DetectionNetwork] = [
        { try SSDLite(classCount: 2, inputSide: 64, seed: 3) },
        { try SSDLite(classCount: 2, backbone: .mobileNetV2, inputSide: 64, seed: 3) },
    ]

    /// One step of training in 64 bits.
    private static func step(
        _ make: () throws -> any DetectionNetwork, _ memoryFormat: MemoryFormat
    ) throws -> (logits: [Double], gradients: [[Float]], weights: [[Float]], mapsLieSo: Bool) {
        let network = try make()
        for parameter in network.parameters { parameter.tensor = try parameter.tensor.asDouble() }
        try network.prepareForTraining(on: .cpu, memoryFormat: memoryFormat)
        let side = network.inputSide
        let input = try Tensor(
            (0..<2 * side * side).map { Float(($0 &* 2_654_435_761) % 1_000_003) / 500_000 - 1 }, shape: [2, 1, side, side]
        )
        .asDouble().laidOut(memoryFormat)
        let executor = TorchExecutor(isTraining: true)
        let maps = try Engine.withoutGradients { try network.backbone(input, executor) }
        let output = try network(input, executor)
        try [output.encodings, output.logits, output.quality].compactMap { $0 }.map { try ($0 * $0).sum() }
            .reduce(Tensor.zeros([])) { try $0 + $1 }.backward()
        let gradients = try network.parameters.filter(\.isLearnt).map { try #require($0.tensor.gradient).floats() }
        try SGD(groups: network.parameterGroups(weightDecay: 0.1)).update(learningRate: 1e-3)
        return (
            try output.logits.doubles(), gradients, try network.parameters.map { try $0.tensor.floats() },
            maps.allSatisfy { $0.isChannelsLast == (memoryFormat == .channelsLast) }
        )
    }

    @Test(arguments: networks.indices) func outputsGradientsAndStepsAreTheSame(_ index: Int) throws {
        let first = try Self.step(Self.networks[index], .channelsFirst)
        let last = try Self.step(Self.networks[index], .channelsLast)
        #expect(first.mapsLieSo && last.mapsLieSo, "the format is kept up to the head")
        // Normalisation over two images of one pixel amplifies rounding, by how much depends on the processor's kernels.
        let worst = zip(first.logits, last.logits).map { abs($0 - $1) / max(1, abs($0)) }.max() ?? .infinity
        #expect(worst <= 1e-7, "\(worst)")
        // Shifts before another normalisation have no influence: what they have of a gradient is rounding.
        func compare(_ a: [[Float]], _ b: [[Float]]) {
            let largest = a.joined().map(abs).max() ?? 0
            for (index, (a, b)) in zip(a, b).enumerated() {
                let size = a.map(abs).max() ?? 0
                let difference = zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
                #expect(difference <= 1e-5 * size + 1e-9 * largest, "\(index): \(difference) of \(size), \(largest)")
            }
        }
        compare(first.gradients, last.gradients)
        compare(first.weights, last.weights)
    }

    @Test func aPyramidSaysTheSame() throws {
        func logits(_ memoryFormat: MemoryFormat) throws -> [Float] {
            let network = try RetinaNet(.init(backbone: .efficientNetLite0, channels: 16, depth: 1), classCount: 2, inputSide: 256, seed: 3)
            try network.prepareForTraining(on: .cpu, memoryFormat: memoryFormat)
            let input = try Tensor((0..<256 * 256).map { Float(($0 &* 2_654_435_761) % 1_000_003) / 500_000 - 1 }, shape: [1, 1, 256, 256])
            return try Engine.withoutGradients {
                try network(input.laidOut(memoryFormat), TorchExecutor(isTraining: true, normalisation: .frozen)).logits.floats()
            }
        }
        let (first, last) = try (logits(.channelsFirst), logits(.channelsLast))
        let size = first.map(abs).max() ?? 0
        #expect(size > 0 && zip(first, last).allSatisfy { abs($0 - $1) <= 1e-4 * size })
    }

    /// One channel lies alike in both formats, and operators must be told which it is.
    @Test func aGreyPictureIsKnownToLieSo() throws {
        let grey = try Tensor.zeros([2, 1, 4, 4])
        #expect(!grey.isChannelsLast)
        let last = try grey.laidOut(.channelsLast)
        #expect(last.isChannelsLast)
        let map = try last.convolution(weight: Tensor.zeros([8, 1, 3, 3]), bias: nil, stride: 1, padding: 1, groups: 1)
        #expect(map.isChannelsLast)
    }
}
