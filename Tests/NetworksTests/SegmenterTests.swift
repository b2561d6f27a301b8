import Foundation
import Inference
import ModelGraph
import Networks
import PleuraTesting
import Tensors
import Testing

@Suite struct SegmenterTests {
    private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / 8_388_608 - 1
        }
    }

    @Test(arguments: [(64, 1), (128, 2), (160, 3)] as [(Int, UInt64)])
    func libTorchAndOpenVINOGiveTheSameMasks(side: Int, seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let network = try Segmenter(classCount: 5, inputSide: side, seed: seed)
        let model = try network.onnxModel(description: "test", version: "0")
        #expect(model.operatorCounts["BatchNormalization"] == nil)
        try model.bytes().write(to: folder.file("model.onnx"))
        let session = try SegmenterSession(
            modelFile: folder.file("model.onnx"), side: side, structureCount: 5, settings: EngineSettings(precision: .f32))
        let input = Self.numbers(side * side, seed: seed)
        let expected = try Engine.withoutGradients {
            try network(Tensor(input, shape: [1, 1, side, side]), TorchExecutor(isTraining: false)).sigmoid().floats()
        }
        let actual = try session.run(input)
        try #require(actual.count == expected.count)
        #expect(zip(actual, expected).map { abs($0 - $1) }.max() ?? 1 < 1e-4)
        #expect(throws: InferenceError.self) { try session.run([1]) }
    }

    @Test func sizesThatCannotBeHalvedFourTimesAreRefused() {
        for side in [0, 60, 100, 1_024] {
            #expect(throws: NetworkError.self) { try Segmenter(classCount: 5, inputSide: side, seed: 1) }
        }
    }

    @Test func sizesAreThoseThatTheGraphSays() throws {
        let network = try Segmenter(classCount: 5, inputSide: 64, seed: 1)
        let parameters = network.parameters.filter { $0.role != .statistic }.reduce(0) { $0 + $1.tensor.count }
        #expect((80_000...140_000).contains(parameters))
        let executor = CostExecutor()
        let size = try executor.size(of: network(executor.input(channels: 1, side: 64), executor))
        #expect((size.height, size.width) == (64, 64))
    }

    /// Against the formulas, number by number in 64 bits.
    @Test func theLossEqualsItsFormula() throws {
        let (count, structures, side) = (2, 3, 4)
        let logits = Self.numbers(count * structures * side * side, seed: 4).map { 3 * $0 }
        let targets = Self.numbers(logits.count, seed: 5).map { max(0, $0) }
        let shape = [count, structures, side, side]
        let parts = try SegmentationLoss()(Tensor(logits, shape: shape), targets: Tensor(targets, shape: shape), count: Double(count))
        var (entropy, dice) = (0.0, 0.0)
        for plane in 0..<count * structures {
            var (common, both) = (0.0, 0.0)
            for index in plane * side * side..<(plane + 1) * side * side {
                let (p, t) = (1 / (1 + exp(-Double(logits[index]))), Double(targets[index]))
                entropy -= t * log(p) + (1 - t) * log(1 - p)
                common += p * t
                both += p + t
            }
            dice += 1 - (2 * common + 1) / (both + 1)
        }
        entropy /= Double(logits.count)
        dice /= Double(count * structures)
        #expect(abs(try parts.entropy.item() - entropy) < 1e-5)
        #expect(abs(try parts.dice.item() - dice) < 1e-5)
        #expect(abs(try parts.total.item() - entropy - dice) < 1e-5)
    }

    /// Gradients against differences of the loss.
    @Test func gradientsAreThoseOfTheLoss() throws {
        let shape = [1, 2, 3, 3]
        let targets = try Tensor(Self.numbers(18, seed: 8).map { max(0, $0) }, shape: shape)
        let start = Self.numbers(18, seed: 9)
        func loss(_ values: [Float]) throws -> Double {
            try SegmentationLoss()(Tensor(values, shape: shape), targets: targets, count: 1).total.item()
        }
        let logits = try Tensor(start, shape: shape)
        try logits.setRequiresGradient(true)
        try SegmentationLoss()(logits, targets: targets, count: 1).total.backward()
        let gradient = try #require(logits.gradient).floats()
        for index in start.indices {
            var (up, down) = (start, start)
            up[index] += 0.01
            down[index] -= 0.01
            #expect(abs(try (loss(up) - loss(down)) / 0.02 - Double(gradient[index])) < 1e-4)
        }
    }
}
