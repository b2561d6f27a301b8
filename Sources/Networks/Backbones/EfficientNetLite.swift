import Foundation

/// EfficientNet-Lite (Tan and Le, ICML 2019, and TensorFlow's lite release of 2020): no squeeze-and-excite, ReLU6, a stem and last
/// stage that do not grow, so that it quantises well. Maps at strides 8, 16 and 32.
public struct EfficientNetLite: Backbone {
    public enum Variant: Int, Hashable, Sendable, CaseIterable {
        case lite0, lite1, lite2

        var width: Double { self == .lite2 ? 1.1 : 1 }
        var depth: Double { [1.0, 1.1, 1.2][rawValue] }
    }

    /// Repeats, kernel, stride, expansion, output channels of B0's stages.
    private static let table = [
        (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
    ]

    public let variant: Variant
    public let stem: ConvolutionUnit
    public let blocks: [[InvertedResidual]]
    public let mapChannels: [Int]
    public let mapStrides = [8, 16, 32]

    init(_ name: String, variant: Variant, inputChannels: Int, initialiser: inout Initialiser) throws {
        self.variant = variant
        stem = try ConvolutionUnit(
            "\(name).stem", inputs: inputChannels, outputs: 32, kernel: 3, stride: 2, activation: .relu6, initialiser: &initialiser)
        var channels = 32
        var blocks: [[InvertedResidual]] = []
        for (stage, row) in Self.table.enumerated() {
            let repeats = stage == 0 || stage == 6 ? row.0 : Int((Double(row.0) * variant.depth).rounded(.up))
            let outputs = Self.rounded(row.4, variant.width)
            var stageBlocks: [InvertedResidual] = []
            for number in 0..<repeats {
                stageBlocks.append(
                    try InvertedResidual(
                        "\(name).stage_\(stage + 1).\(number)", inputs: channels, expansion: row.3, outputs: outputs, kernel: row.1,
                        stride: number == 0 ? row.2 : 1, padding: .same, epsilon: ConvolutionUnit.tensorFlowEpsilon,
                        initialiser: &initialiser))
                channels = outputs
            }
            blocks.append(stageBlocks)
        }
        self.blocks = blocks
        mapChannels = [40, 112, 320].map { Self.rounded($0, variant.width) }
    }

    /// Channels to the nearest multiple of eight, never more than a tenth below.
    private static func rounded(_ channels: Int, _ width: Double) -> Int {
        let wanted = Double(channels) * width
        let nearest = max(8, Int(wanted + 4) / 8 * 8)
        return Double(nearest) < 0.9 * wanted ? nearest + 8 : nearest
    }

    public var stages: [[Parameter]] {
        [stem.parameters + blocks[0].flatMap(\.parameters)] + blocks[1...].map { $0.flatMap(\.parameters) }
    }

    /// The names of the PyTorch port: `_conv_stem`, `_bn0`, `_blocks.0._depthwise_conv`, `_blocks.1._expand_conv`, …
    public var sources: [WeightSource] {
        var sources = [WeightSource(stem, "_conv_stem", "_bn0")]
        for (index, block) in blocks.joined().enumerated() {
            let name = "_blocks.\(index)"
            if let expand = block.expand { sources.append(WeightSource(expand, "\(name)._expand_conv", "\(name)._bn0")) }
            sources.append(WeightSource(block.depthwise, "\(name)._depthwise_conv", "\(name)._bn1"))
            sources.append(WeightSource(block.project, "\(name)._project_conv", "\(name)._bn2"))
        }
        return sources
    }

    public func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> [E.Value] {
        var y = try stem(x, executor)
        var maps: [E.Value] = []
        for (stage, stageBlocks) in blocks.enumerated() {
            for block in stageBlocks { y = try block(y, executor) }
            if [2, 4, 6].contains(stage) { maps.append(y) }
        }
        return maps
    }
}
