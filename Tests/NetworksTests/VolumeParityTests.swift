import Foundation
import Inference
import ModelGraph
import Networks
import PleuraTesting
import Tensors
import Testing

/// Networks of blocks of voxels, run by LibTorch and, through ONNX, by OpenVINO at 32 bits.
@Suite struct VolumeParityTests {
    private static func block(_ count: Int, seed: UInt64) -> [Float] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / 8_388_608 - 1
        }
    }

    private static func largest(_ first: [Float], _ second: [Float]) -> Float {
        first.count == second.count ? zip(first, second).map { abs($0 - $1) }.max() ?? 0 : .infinity
    }

    @Test func aClassifierOfCubesScoresTheSame() throws {
        let network = try NoduleClassifier(seed: 4)
        let model = try network.onnxModel(description: "test", version: "0")
        #expect(model.operatorCounts["BatchNormalization"] == nil && model.operatorCounts["Conv"] == 10)
        let folder = try TemporaryFolder()
        let file = folder.file("model.onnx")
        try model.bytes().write(to: file)
        let (batch, side) = (3, NoduleClassifier.side)
        let shape = [batch, 1, side, side, side]
        let session = try BlockSession(
            modelFile: file, inputs: [BlockSession.Input("fine", shape: shape), BlockSession.Input("coarse", shape: shape)],
            output: "scores", outputCount: batch)
        let cubes = [UInt64(1), 2].map { Self.block(shape.reduce(1, *), seed: $0) }
        let expected = try Engine.withoutGradients {
            try network(fine: Tensor(cubes[0], shape: shape), coarse: Tensor(cubes[1], shape: shape), TorchExecutor(isTraining: false))
                .sigmoid().floats()
        }
        #expect(Self.largest(try session.run(cubes), expected) < 1e-4)
        // Each of the batch for itself, and both cubes count.
        #expect(Set(expected).count == batch)
        #expect(Self.largest(try session.run([cubes[0], cubes[0]]), expected) > 1e-4)
    }

    @Test func aSegmenterOfBlocksMarksTheSame() throws {
        let network = try NoduleSegmenter(seed: 5)
        let folder = try TemporaryFolder()
        let file = folder.file("model.onnx")
        try network.onnxModel(description: "test", version: "0").bytes().write(to: file)
        let side = NoduleSegmenter.side
        let shape = [1, 1, side, side, side]
        let session = try BlockSession(
            modelFile: file, inputs: [BlockSession.Input("block", shape: shape)], output: "masks", outputCount: side * side * side)
        let block = Self.block(side * side * side, seed: 6)
        let expected = try Engine.withoutGradients {
            try network(Tensor(block, shape: shape), TorchExecutor(isTraining: false)).sigmoid().floats()
        }
        #expect(Self.largest(try session.run([block]), expected) < 1e-4)
    }

    @Test func aNetworkOfAnotherKindIsRefused() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("model.onnx")
        try NoduleSegmenter(seed: 5).onnxModel(description: "test", version: "0").bytes().write(to: file)
        let shape = [1, 1, NoduleClassifier.side, NoduleClassifier.side, NoduleClassifier.side]
        #expect(throws: InferenceError.self) {
            try BlockSession(modelFile: file, inputs: [BlockSession.Input("fine", shape: shape)], output: "scores", outputCount: 1)
        }
    }

    /// The gradient of one weight of each kind against finite differences.
    @Test func gradientsAreThoseOfFiniteDifferences() throws {
        let network = try NoduleClassifier(seed: 8)
        try network.prepareForTraining(on: .cpu)
        let (side, batch) = (NoduleClassifier.side, 4)
        let shape = [batch, 1, side, side, side]
        let cubes = [UInt64(3), 4].map { Self.block(shape.reduce(1, *), seed: $0) }
        let targets = try Tensor([1, 0, 1, 0], shape: [batch, 1])
        func loss() throws -> Tensor {
            try network(fine: Tensor(cubes[0], shape: shape), coarse: Tensor(cubes[1], shape: shape), TorchExecutor(isTraining: false))
                .binaryCrossEntropy(targets: targets).sum()
        }
        try loss().backward()
        for name in ["fine.level_1.convolution.weight", "coarse.last.convolution.weight", "joint.convolution.weight", "head.bias"] {
            let parameter = try #require(network.parameters.first { $0.name == name })
            let gradient = try #require(parameter.tensor.gradient).floats()
            let values = try parameter.tensor.floats()
            // Along the gradient the loss changes by its square.
            let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
            try #require(length > 0)
            let step: Float = 2e-3
            func moved(_ sign: Float) throws -> Double {
                let changed = zip(values, gradient).map { $0 + sign * step * $1 / length }
                try Engine.withoutGradients { try parameter.tensor.copyNumbers(from: Tensor(changed, shape: parameter.tensor.shape)) }
                return try Engine.withoutGradients { try loss().item() }
            }
            let slope = (try moved(1) - moved(-1)) / Double(2 * step)
            _ = try moved(0)
            #expect(abs(slope - Double(length)) < 0.05 * Double(length), "\(name): \(slope), not \(length)")
        }
    }
}
