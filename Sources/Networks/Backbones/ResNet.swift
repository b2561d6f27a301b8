/// ResNet (He et al., CVPR 2016) as torchvision has it (the stride of a bottleneck is in its 3x3 convolution): maps at strides 8, 16, 32.
public struct ResNet: Backbone {
    public enum Depth: Int, Hashable, Sendable, CaseIterable {
        case layers18 = 18
        case layers34 = 34
        case layers50 = 50

        /// Blocks in each of the four stages.
        var blocks: [Int] { self == .layers18 ? [2, 2, 2, 2] : [3, 4, 6, 3] }
        /// Output channels of a block over its inner ones.
        var expansion: Int { self == .layers50 ? 4 : 1 }
    }

    /// Two 3x3 convolutions, or 1x1, 3x3, 1x1, beside a shortcut.
    public struct Block {
        public let name: String
        public let path: [ConvolutionUnit]
        public let shortcut: ConvolutionUnit?

        var parameters: [Parameter] { path.flatMap(\.parameters) + (shortcut?.parameters ?? []) }

        func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> E.Value {
            var y = x
            for unit in path { y = try unit(y, executor) }
            return try executor.reluConsuming(executor.add(y, shortcut?(x, executor) ?? x))
        }
    }

    public let depth: Depth
    public let stem: ConvolutionUnit
    public let layers: [[Block]]
    public let mapChannels: [Int]
    public let mapStrides = [8, 16, 32]

    init(_ name: String, depth: Depth, inputChannels: Int, initialiser: inout Initialiser) throws {
        func unit(
            _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, activation: ConvolutionUnit.Activation
        ) throws -> ConvolutionUnit {
            try ConvolutionUnit(
                name, inputs: inputs, outputs: outputs, kernel: kernel, stride: stride, activation: activation, padding: .centred,
                epsilon: ConvolutionUnit.torchEpsilon, initialiser: &initialiser)
        }
        self.depth = depth
        stem = try unit("\(name).stem", inputChannels, 64, kernel: 7, stride: 2, activation: .relu)
        var channels = 64
        var layers: [[Block]] = []
        for (index, count) in depth.blocks.enumerated() {
            let inner = 64 << index
            let outer = inner * depth.expansion
            var blocks: [Block] = []
            for number in 0..<count {
                let block = "\(name).layer_\(index + 1).\(number)"
                let stride = number == 0 && index > 0 ? 2 : 1
                let path =
                    depth.expansion == 1
                    ? [
                        try unit("\(block).unit_1", channels, inner, kernel: 3, stride: stride, activation: .relu),
                        try unit("\(block).unit_2", inner, outer, kernel: 3, activation: .none),
                    ]
                    : [
                        try unit("\(block).unit_1", channels, inner, kernel: 1, activation: .relu),
                        try unit("\(block).unit_2", inner, inner, kernel: 3, stride: stride, activation: .relu),
                        try unit("\(block).unit_3", inner, outer, kernel: 1, activation: .none),
                    ]
                let shortcut =
                    stride == 1 && channels == outer
                    ? nil : try unit("\(block).shortcut", channels, outer, kernel: 1, stride: stride, activation: .none)
                blocks.append(Block(name: block, path: path, shortcut: shortcut))
                channels = outer
            }
            layers.append(blocks)
        }
        self.layers = layers
        mapChannels = [128, 256, 512].map { $0 * depth.expansion }
    }

    public var stages: [[Parameter]] { [stem.parameters] + layers.map { $0.flatMap(\.parameters) } }

    /// torchvision's names: `conv1`, `bn1`, `layer1.0.conv1`, …, `layer2.0.downsample.0`.
    public var sources: [WeightSource] {
        var sources = [WeightSource(stem, "conv1", "bn1")]
        for (index, blocks) in layers.enumerated() {
            for (number, block) in blocks.enumerated() {
                let name = "layer\(index + 1).\(number)"
                sources += block.path.enumerated().map { WeightSource($1, "\(name).conv\($0 + 1)", "\(name).bn\($0 + 1)") }
                if let shortcut = block.shortcut { sources.append(WeightSource(shortcut, "\(name).downsample.0", "\(name).downsample.1")) }
            }
        }
        return sources
    }

    public func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> [E.Value] {
        var y = try executor.maxPool(stem(x, executor))
        var maps: [E.Value] = []
        for blocks in layers {
            for block in blocks { y = try block(y, executor) }
            maps.append(y)
        }
        return Array(maps.dropFirst())
    }
}
