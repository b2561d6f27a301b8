/// MobileNetV3-Large with the reduced tail (Howard et al., ICCV 2019) as single-shot detectors use it: feature maps at strides 16 (the
/// expansion of block 12) and 32 (the last convolution), and for a pyramid one at stride 8 too (the expansion of block 6).
public struct MobileNetV3: Backbone {
    /// An inverted residual: expand, depthwise, squeeze and excite, project.
    public struct Block {
        public let name: String
        public let expand: ConvolutionUnit?
        public let depthwise: ConvolutionUnit
        public let squeeze: SqueezeExcitation?
        public let project: ConvolutionUnit
        let isResidual: Bool

        var parameters: [Parameter] {
            (expand?.parameters ?? []) + depthwise.parameters + (squeeze?.parameters ?? []) + project.parameters
        }

        /// - Returns: The block's output and the output of its expansion (its input where there is none).
        func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> (output: E.Value, expansion: E.Value) {
            let expansion = try expand?(x, executor) ?? x
            var y = try depthwise(expansion, executor)
            if let squeeze { y = try squeeze(y, executor) }
            y = try project(y, executor)
            return (isResidual ? try executor.add(y, x) : y, expansion)
        }
    }

    /// Table 1 of the paper: kernel, expanded, out, squeezed channels (0: none), hard swish instead of ReLU, stride.
    private static let table: [(kernel: Int, expanded: Int, out: Int, squeezed: Int, swish: Bool, stride: Int)] = [
        (3, 16, 16, 0, false, 1), (3, 64, 24, 0, false, 2), (3, 72, 24, 0, false, 1), (5, 72, 40, 24, false, 2), (5, 120, 40, 32, false, 1),
        (5, 120, 40, 32, false, 1), (3, 240, 80, 0, true, 2), (3, 200, 80, 0, true, 1), (3, 184, 80, 0, true, 1), (3, 184, 80, 0, true, 1),
        (3, 480, 112, 120, true, 1), (3, 672, 112, 168, true, 1), (5, 672, 80, 168, true, 2), (5, 480, 80, 120, true, 1),
        (5, 480, 80, 120, true, 1),
    ]

    public let stem: ConvolutionUnit
    public let blocks: [Block]
    public let last: ConvolutionUnit
    public let mapChannels: [Int]
    public let mapStrides: [Int]
    /// Blocks whose expansions are maps.
    private let mapBlocks: [Int]

    init(_ name: String, isForPyramid: Bool, inputChannels: Int, initialiser: inout Initialiser) throws {
        mapBlocks = isForPyramid ? [6, 12] : [12]
        mapChannels = mapBlocks.map { Self.table[$0].expanded } + [480]
        mapStrides = isForPyramid ? [8, 16, 32] : [16, 32]
        stem = try ConvolutionUnit(
            "\(name).stem", inputs: inputChannels, outputs: 16, kernel: 3, stride: 2, activation: .hardSwish, initialiser: &initialiser)
        var channels = 16
        var blocks: [Block] = []
        for (index, row) in Self.table.enumerated() {
            let block = "\(name).block_\(index)"
            let activation: ConvolutionUnit.Activation = row.swish ? .hardSwish : .relu
            let expand =
                row.expanded == channels
                ? nil
                : try ConvolutionUnit(
                    "\(block).expand", inputs: channels, outputs: row.expanded, kernel: 1, activation: activation, initialiser: &initialiser
                )
            let depthwise = try ConvolutionUnit(
                "\(block).depthwise", inputs: row.expanded, outputs: row.expanded, kernel: row.kernel, stride: row.stride,
                groups: row.expanded,
                activation: activation, initialiser: &initialiser)
            let squeeze =
                row.squeezed == 0
                ? nil
                : try SqueezeExcitation("\(block).squeeze", channels: row.expanded, squeezed: row.squeezed, initialiser: &initialiser)
            let project = try ConvolutionUnit(
                "\(block).project", inputs: row.expanded, outputs: row.out, kernel: 1, activation: .none, initialiser: &initialiser)
            blocks.append(
                Block(
                    name: block, expand: expand, depthwise: depthwise, squeeze: squeeze, project: project,
                    isResidual: row.stride == 1 && channels == row.out))
            channels = row.out
        }
        self.blocks = blocks
        last = try ConvolutionUnit(
            "\(name).last", inputs: channels, outputs: 480, kernel: 1, activation: .hardSwish, initialiser: &initialiser)
    }

    /// By stride: up to 4, 8, 16, 32.
    public var stages: [[Parameter]] {
        func parameters(_ range: Range<Int>) -> [Parameter] { blocks[range].flatMap(\.parameters) }
        return [stem.parameters + parameters(0..<3), parameters(3..<6), parameters(6..<12), parameters(12..<15) + last.parameters]
    }

    /// torchvision's names: `features.0.0`, `features.1.block.0.0`, …, `features.16.0`.
    public var sources: [WeightSource] { torchvisionSources }

    /// [N, C, H, W] to maps [N, 672, H / 16, W / 16] and [N, 480, H / 32, W / 32]; for a pyramid [N, 240, H / 8, W / 8] before them.
    public func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> [E.Value] {
        var y = try stem(x, executor)
        var maps: [E.Value] = []
        for (index, block) in blocks.enumerated() {
            let (output, expansion) = try block(y, executor)
            if mapBlocks.contains(index) { maps.append(expansion) }
            y = output
        }
        return maps + [try last(y, executor)]
    }
}
