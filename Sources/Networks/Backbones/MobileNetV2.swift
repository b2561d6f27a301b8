/// MobileNetV2 (Sandler et al., CVPR 2018) as torchvision has it.
public struct MobileNetV2: Backbone {
    /// Expansion, output channels, repeats and stride of each stage: table 2 of the paper.
    private static let table = [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ]

    public let stem: ConvolutionUnit
    public let blocks: [[InvertedResidual]]
    public let last: ConvolutionUnit
    public let mapChannels: [Int]
    public let mapStrides: [Int]
    private let isForPyramid: Bool

    /// - Parameter isForPyramid: True for maps at strides 8, 16 (the outputs of their stages) and 32 (the last convolution); false for the
    ///   two of a single-shot detector: at 16 the expansion of the block that leads to stride 32, and the last convolution.
    init(_ name: String, isForPyramid: Bool, inputChannels: Int, initialiser: inout Initialiser) throws {
        self.isForPyramid = isForPyramid
        mapChannels = isForPyramid ? [32, 96, 1280] : [576, 1280]
        mapStrides = isForPyramid ? [8, 16, 32] : [16, 32]
        func unit(_ name: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int) throws -> ConvolutionUnit {
            try ConvolutionUnit(
                name, inputs: inputs, outputs: outputs, kernel: kernel, stride: stride, activation: .relu6, padding: .centred,
                epsilon: ConvolutionUnit.torchEpsilon, initialiser: &initialiser)
        }
        stem = try unit("\(name).stem", inputChannels, 32, kernel: 3, stride: 2)
        var channels = 32
        var blocks: [[InvertedResidual]] = []
        for (stage, row) in Self.table.enumerated() {
            var stageBlocks: [InvertedResidual] = []
            for number in 0..<row.2 {
                stageBlocks.append(
                    try InvertedResidual(
                        "\(name).stage_\(stage + 1).\(number)", inputs: channels, expansion: row.0, outputs: row.1, kernel: 3,
                        stride: number == 0 ? row.3 : 1, padding: .centred, epsilon: ConvolutionUnit.torchEpsilon,
                        initialiser: &initialiser))
                channels = row.1
            }
            blocks.append(stageBlocks)
        }
        self.blocks = blocks
        last = try unit("\(name).last", channels, 1280, kernel: 1, stride: 1)
    }

    public var stages: [[Parameter]] {
        [stem.parameters + blocks[0].flatMap(\.parameters)] + blocks[1..<6].map { $0.flatMap(\.parameters) }
            + [blocks[6].flatMap(\.parameters) + last.parameters]
    }

    /// torchvision's names: `features.0.0`, `features.1.conv.0.0`, …, `features.18.0`.
    public var sources: [WeightSource] {
        var sources = [WeightSource(stem, "features.0.0", "features.0.1")]
        for (index, block) in blocks.joined().enumerated() {
            let name = "features.\(index + 1).conv"
            var step = 0
            if let expand = block.expand {
                sources.append(WeightSource(expand, "\(name).0.0", "\(name).0.1"))
                step = 1
            }
            sources.append(WeightSource(block.depthwise, "\(name).\(step).0", "\(name).\(step).1"))
            sources.append(WeightSource(block.project, "\(name).\(step + 1)", "\(name).\(step + 2)"))
        }
        return sources + [WeightSource(last, "features.18.0", "features.18.1")]
    }

    public func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> [E.Value] {
        var y = try stem(x, executor)
        var maps: [E.Value] = []
        for (stage, stageBlocks) in blocks.enumerated() {
            for (number, block) in stageBlocks.enumerated() {
                let (output, expansion) = try block.expanded(y, executor)
                if !isForPyramid, stage == 5, number == 0 { maps.append(expansion) }
                y = output
            }
            if isForPyramid, stage == 2 || stage == 4 { maps.append(y) }
        }
        return maps + [try last(y, executor)]
    }
}
