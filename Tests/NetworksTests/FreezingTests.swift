import Networks
import Tensors
import Testing

/// Frozen stages against the same network with nothing frozen whose first stages were put into evaluation mode by hand.
@Suite(.serialized) struct FreezingTests {
    static let networks: [(name: String, make: @Sendable () throws -> any DetectionNetwork)] = [
        ("MobileNetV3", { try SSDLite(classCount: 2, inputSide: 96, seed: 3) }),
        ("MobileNetV2", { try SSDLite(classCount: 2, backbone: .mobileNetV2, inputSide: 96, seed: 3) }),
        ("ResNet", { try RetinaNet(.init(backbone: .resNet18, channels: 16, depth: 1), classCount: 2, inputSide: 256, seed: 3) }),
        (
            "EfficientNet",
            { try RetinaNet(.init(backbone: .efficientNetLite0, channels: 16, depth: 1), classCount: 2, inputSide: 256, seed: 3) }
        ),
    ]

    private static func input(_ network: any DetectionNetwork) throws -> Tensor {
        let side = network.inputSide
        return try Tensor(
            (0..<2 * side * side).map { Float(($0 &* 2_654_435_761) % 1_000_003) / 500_000 - 1 }, shape: [2, 1, side, side])
    }

    /// A number that depends on every output.
    private static func loss(_ output: DetectionOutput<Tensor>) throws -> Tensor {
        try [output.encodings, output.logits, output.quality].compactMap { $0 }.map { try ($0 * $0).sum() }
            .reduce(Tensor.zeros([])) { try $0 + $1 }
    }

    @Test(arguments: networks.indices)
    func theRestLearnsAsIfTheStagesWereInEvaluation(_ index: Int) throws {
        let network = try Self.networks[index].make()
        try network.prepareForTraining(on: .cpu)
        let frozen = network.backbone.stages.prefix(2).flatMap { $0 }
        let names = Set(frozen.map(\.name))
        let before = try frozen.map { try $0.tensor.floats() }

        try Self.loss(network(Self.input(network), StagedExecutor(isEvaluated: names.contains))).backward()
        let expected = try network.parameters.map { parameter in
            defer { parameter.tensor.clearGradient() }
            return try parameter.tensor.gradient?.floats()
        }

        try network.backbone.freeze(stages: 2)
        let observer = StagedExecutor(isEvaluated: { _ in false })
        try Self.loss(network(Self.input(network), observer)).backward()
        #expect(!observer.recorded.isEmpty && observer.recorded.isDisjoint(with: names), "no frozen layer is recorded")
        #expect(try zip(before, frozen).allSatisfy { try $0 == $1.tensor.floats() })
        for (parameter, expected) in zip(network.parameters, expected) where parameter.role != .statistic {
            guard !names.contains(parameter.name) else {
                #expect(parameter.tensor.gradient == nil)
                continue
            }
            let numbers = try #require(expected)
            let size = numbers.map(abs).max() ?? 0
            let difference = try zip(#require(parameter.tensor.gradient).floats(), numbers).map { abs($0 - $1) }.max() ?? .infinity
            #expect(difference <= 1e-5 * size, "\(parameter.name)")
        }
    }

    @Test func frozenStagesNeverChangeAndTheOthersDo() throws {
        let network = try SSDLite(classCount: 2, inputSide: 96, seed: 3)
        try network.backbone.freeze(stages: 2)
        try network.prepareForTraining(on: .cpu)
        let before = try network.parameters.map { try $0.tensor.floats() }
        let groups = network.parameterGroups(weightDecay: 0.1)
        #expect(groups.flatMap(\.parameters).count == network.parameters.filter(\.isLearnt).count)
        let optimiser = try SGD(groups: groups)
        let executor = TorchExecutor(isTraining: true)
        for _ in 0..<2 {
            try Self.loss(network(Self.input(network), executor)).backward()
            try optimiser.update(learningRate: 1e-3)
        }
        let still = Set(network.backbone.stages.prefix(2).joined().map(\.name))
        for (parameter, old) in zip(network.parameters, before) {
            #expect(try (parameter.tensor.floats() == old) == still.contains(parameter.name), "\(parameter.name)")
        }
    }

    @Test func thawedStagesLearnAgain() throws {
        let network = try SSDLite(classCount: 2, inputSide: 96, seed: 3)
        try network.backbone.freeze(stages: 4)
        try network.prepareForTraining(on: .cpu)
        try network.backbone.freeze(stages: 0)
        try network.prepareForTraining(on: .cpu)
        try Self.loss(network(Self.input(network), TorchExecutor(isTraining: true))).backward()
        #expect(network.parameters.allSatisfy { ($0.tensor.gradient != nil) == ($0.role != .statistic) })
    }

    @Test func moreStagesThanThereAreAreRefused() throws {
        let network = try SSDLite(classCount: 2, inputSide: 96, seed: 3)
        #expect(throws: NetworkError.self) { try network.backbone.freeze(stages: 5) }
        #expect(throws: NetworkError.self) { try network.backbone.freeze(stages: -1) }
    }

    /// As detectors are fine-tuned: every normalisation by its running statistics, its scale and shift learnt.
    @Test func frozenNormalisationEqualsEvaluationAndLearnsItsScale() throws {
        let network = try SSDLite(classCount: 2, inputSide: 96, seed: 3)
        try network.prepareForTraining(on: .cpu)
        let statistics = network.parameters.filter { $0.role == .statistic }
        let before = try statistics.map { try $0.tensor.floats() }
        let trained = try network(Self.input(network), TorchExecutor(isTraining: true, normalisation: .frozen))
        let evaluated = try network(Self.input(network), TorchExecutor(isTraining: false))
        #expect(try trained.logits.floats() == evaluated.logits.floats())
        #expect(try trained.encodings.floats() == evaluated.encodings.floats())
        try Self.loss(trained).backward()
        #expect(try zip(statistics, before).allSatisfy { try $0.tensor.floats() == $1 })
        #expect(network.parameters.allSatisfy { ($0.tensor.gradient != nil) == ($0.role != .statistic) })
    }
}
