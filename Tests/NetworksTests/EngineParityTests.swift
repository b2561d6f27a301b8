import Foundation
import Inference
import ModelGraph
import Models
import Networks
import PleuraTesting
import Tensors
import Testing

/// The same definition run by LibTorch and, through ONNX, by OpenVINO at 32 bits.
@Suite struct EngineParityTests {
    /// - Returns: The largest difference and the largest output, of boxes and of scores.
    private static func compare(_ network: any DetectionNetwork, side: Int, seed: UInt64) throws -> [(difference: Float, largest: Float)] {
        let folder = try TemporaryFolder()
        let file = folder.file("model.onnx")
        let model = try network.onnxModel(description: "test", version: "0")
        #expect(model.operatorCounts["BatchNormalization"] == nil, "every normalisation is folded")
        try model.bytes().write(to: file)
        let session = try DetectorSession(
            modelFile: file, width: side, height: side, channels: network.inputChannels, settings: EngineSettings(precision: .f32))

        var state = seed
        let input = (0..<network.inputChannels * side * side).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / 8_388_608 - 1
        }
        let expected = try Engine.withoutGradients {
            try network.detect(Tensor(input, shape: [1, network.inputChannels, side, side]), TorchExecutor(isTraining: false))
        }
        let actual = try session.run(input)
        let torch = [expected.boxes, expected.scores] + [expected.imageScores].compactMap(\.self)
        let openVINO = [actual.boxes, actual.scores] + [actual.imageScores].compactMap(\.self)
        try #require(torch.count == openVINO.count)
        return try zip(torch, openVINO).map { torch, openVINO in
            let numbers = try torch.floats()
            try #require(numbers.count == openVINO.count)
            return (zip(numbers, openVINO).map { abs($0 - $1) }.max() ?? .infinity, numbers.map(abs).max() ?? 0)
        }
    }

    /// Red, green and blue.
    @Test func networksOfThreeChannelsGiveTheSameOutputs() throws {
        let networks: [(any DetectionNetwork, Int)] = [
            (try SSDLite(classCount: 3, inputChannels: 3, inputSide: 128, seed: 5), 128),
            (
                try RetinaNet(
                    RetinaNet.Shape(backbone: .mobileNetV3Large, channels: 32), classCount: 3, inputChannels: 3, inputSide: 256, seed: 6),
                256
            ),
        ]
        for (network, side) in networks {
            #expect(try network.untrainedCopy(seed: 9).inputChannels == 3)
            for (difference, largest) in try Self.compare(network, side: side, seed: 3) { #expect(difference < 1e-4 * max(1, largest)) }
        }
    }

    @Test func randomWeightsGiveTheSameOutputs() throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            for (difference, largest) in try Self.compare(SSDLite(classCount: 8, seed: seed), side: 320, seed: seed) {
                #expect(difference <= 1e-4 * largest)
            }
        }
    }

    @Test func learntWeightsGiveTheSameOutputs() throws {
        let network = try SSDLite(classCount: 91, seed: 1)
        let report = try StartingWeights(COCOParityTests.cocoGraph(), name: "COCO").load(into: network)
        #expect(report.missing.isEmpty && report.mismatched.isEmpty)
        for (difference, largest) in try Self.compare(network, side: 320, seed: 9) { #expect(difference <= 1e-4 * largest) }
    }

    /// The backbone of a detector that learnt COCO under a pyramid; random MobileNetV3s blow numbers up too far to compare.
    @Test func aPyramidOnLearntWeightsGivesTheSameOutputs() throws {
        let network = try RetinaNet(
            RetinaNet.Shape(backbone: .mobileNetV3Large, channels: 64, depth: 1), classCount: 3, inputSide: 256, seed: 7)
        let report = try StartingWeights(COCOParityTests.cocoGraph(), name: "COCO").load(into: network)
        #expect(Set(report.loaded) == Set(network.backbone.parameters.map(\.name)))
        for (difference, largest) in try Self.compare(network, side: 256, seed: 9) { #expect(difference <= 1e-4 * largest) }
    }

    /// Odd map sizes: "SAME" padding must agree where TensorFlow's rule is uneven.
    @Test func anotherInputSizeGivesTheSameOutputs() throws {
        for (difference, largest) in try Self.compare(SSDLite(classCount: 3, inputSide: 224, seed: 4), side: 224, seed: 5) {
            #expect(difference <= 1e-4 * largest)
        }
    }

    private static let shapes: [(shape: RetinaNet.Shape, side: Int)] =
        [BackboneKind.resNet18, .resNet34, .resNet50].map { (RetinaNet.Shape(backbone: $0), 256) }
        + [BackboneKind.efficientNetLite0, .efficientNetLite1, .efficientNetLite2].map {
            (RetinaNet.Shape(backbone: $0, channels: 64, hasImageHead: true), 320)
        }
        + [
            (RetinaNet.Shape(backbone: .mobileNetV2, channels: 64, depth: 1), 256),
            (RetinaNet.Shape(backbone: .resNet18, head: .nineAnchors, channels: 64), 320),
            (
                RetinaNet.Shape(backbone: .resNet18, head: .nineAnchors, channels: 64, depth: 3, levels: 4, isNormalised: false),
                256
            ),
        ]

    @Test(arguments: shapes.indices)
    func everyPyramidDetectorGivesTheSameOutputs(_ index: Int) throws {
        let (shape, side) = Self.shapes[index]
        let network = try RetinaNet(shape, classCount: 3, inputSide: side, seed: 7)
        try network.makeStatisticsOfItsOwn(side: side)
        for (difference, largest) in try Self.compare(network, side: side, seed: 5) { #expect(difference <= 1e-4 * largest) }
    }

    @Test func wholeImagesAreScoredTheSame() throws {
        let network = try SSDLite(classCount: 3, hasImageHead: true, seed: 4)
        let differences = try Self.compare(network, side: 320, seed: 5)
        #expect(differences.count == 3 && differences.allSatisfy { $0.0 <= 1e-4 * $0.1 })
    }

    /// Gates that are open, so that all of the attention shows in what the heads say.
    @Test(arguments: AttentionTests.Family.allCases, NeckAttention.allCases)
    func attentionGivesTheSameOutputs(_ family: AttentionTests.Family, _ attention: NeckAttention) throws {
        guard attention != .none else { return }
        func scores(isOpen: Bool) throws -> (network: any DetectionNetwork, scores: [Float]) {
            let network = try AttentionTests.network(family, attention)
            let side = network.inputSide
            try network.makeStatisticsOfItsOwn(side: side)
            if isOpen { try network.openGates() }
            let input = (0..<side * side).map { Float(($0 &* 40_503) % 1_009) / 504 - 1 }
            let output = try Engine.withoutGradients {
                try network.detect(Tensor(input, shape: [1, 1, side, side]), TorchExecutor(isTraining: false))
            }
            return (network, try output.scores.floats())
        }
        let (open, shut) = try (scores(isOpen: true), scores(isOpen: false))
        #expect(open.scores != shut.scores)
        let differences = try Self.compare(open.network, side: open.network.inputSide, seed: 5)
        #expect(differences.count == (attention.hasLabels ? 3 : 2))
        for (difference, largest) in differences { #expect(difference <= 1e-4 * largest, "\(difference) of \(largest)") }
    }

    /// Logits whose exponentials are no numbers: neither engine's pooling overflows.
    @Test func attentionThatIsVerySureGivesTheSameOutputs() throws {
        let network = try AttentionTests.network(.ssdlite, .labels)
        try network.makeStatisticsOfItsOwn(side: 160)
        try network.openGates()
        for parameter in network.parameters where parameter.name.hasSuffix("map_0.bias") {
            parameter.tensor = try Tensor([200, -200, 90], shape: [3])
        }
        let differences = try Self.compare(network, side: 160, seed: 5)
        #expect(differences.count == 3 && differences.allSatisfy { $0.0 <= 1e-4 * $0.1 })
    }

    @Test func mobileNetV2GivesTheSameOutputs() throws {
        let network = try SSDLite(classCount: 3, backbone: .mobileNetV2, seed: 4)
        try network.makeStatisticsOfItsOwn(side: 320)
        for (difference, largest) in try Self.compare(network, side: 320, seed: 5) { #expect(difference <= 1e-4 * largest) }
    }
}

extension DetectionNetwork {
    /// Runs a batch as in training, so that every normalisation has a mean and a variance that differ from 0 and 1, as learnt ones do.
    fileprivate func makeStatisticsOfItsOwn(side: Int) throws {
        let executor = TorchExecutor(isTraining: true, momentum: 1)
        let input = (0..<2 * side * side).map { Float(($0 &* 2_654_435_761) % 1_000_003) / 500_000 - 1 }
        try Engine.withoutGradients { _ = try self(Tensor(input, shape: [2, 1, side, side]), executor) }
    }
}
