import ModelGraph
import Tensors

/// Which voxels of a block belong to the nodule in its middle: a small three-dimensional U-Net (Çiçek et al., MICCAI 2016) of three levels.
///
/// The way up adds what the way down had instead of laying it beside (as LinkNet, Chaurasia and Culurciello 2017): half the multiplications at
/// the level where nearly all of them are.
public struct NoduleSegmenter: ParameterOwner {
    /// Voxels of 1 mm on a side of a block.
    public static let side = 48
    static let channels = [16, 32, 64]

    private let down: [[VolumeUnit]]
    private let narrowing: [VolumeUnit]
    private let up: [VolumeUnit]
    private let head: VolumeConvolution

    public var architecture: String { "nodule_unet_\(Self.channels.map(String.init).joined(separator: "_"))" }
    public var parameters: [Parameter] {
        down.flatMap { $0.flatMap(\.parameters) } + narrowing.flatMap(\.parameters) + up.flatMap(\.parameters) + head.parameters
    }

    public init(seed: UInt64) throws {
        var initialiser = Initialiser(seed: seed)
        var (inputs, down) = (1, [[VolumeUnit]]())
        for (level, count) in Self.channels.enumerated() {
            // One at the full size, where a second would cost as much as all the others.
            down.append(
                try (0..<(level == 0 ? 1 : 2)).map { number in
                    try VolumeUnit(
                        "down.level_\(level).\(number)", inputs: number == 0 ? inputs : count, outputs: count, initialiser: &initialiser)
                })
            inputs = count
        }
        self.down = down
        // Coarsest first.
        let levels = Self.channels.indices.dropLast().reversed()
        narrowing = try levels.map { level in
            try VolumeUnit(
                "narrowing.level_\(level)", inputs: Self.channels[level + 1], outputs: Self.channels[level], kernel: 1,
                initialiser: &initialiser)
        }
        up = try levels.map { level in
            try VolumeUnit(
                "up.level_\(level)", inputs: Self.channels[level], outputs: Self.channels[level], initialiser: &initialiser)
        }
        head = try VolumeConvolution(
            "head", inputs: Self.channels[0], outputs: 1, kernel: 1, bias: -2, deviation: 0.05, initialiser: &initialiser)
    }

    /// [N, 1, 48, 48, 48] to logits of the same shape.
    public func callAsFunction<E: VolumeExecutor>(_ x: E.Value, _ executor: E) throws -> E.Value {
        var (value, maps) = (x, [E.Value]())
        for (level, units) in down.enumerated() {
            if level > 0 { value = try executor.volumeHalved(value) }
            for unit in units { value = try unit(value, executor) }
            maps.append(value)
        }
        for (index, level) in maps.indices.dropLast().reversed().enumerated() {
            value = try executor.add(executor.volumeDoubled(narrowing[index](value, executor)), maps[level])
            value = try up[index](value, executor)
        }
        return try head(value, executor)
    }

    /// As an ONNX model: input `block` [N, 1, 48, 48, 48], output `masks` of the same shape in 0...1.
    public func onnxModel(description: String, version: String) throws -> ONNXModel {
        let executor = GraphExecutor(name: architecture)
        let block = executor.volumeInput("block", channels: 1, side: Self.side)
        executor.output(try executor.sigmoid(self(block, executor)), name: "masks", sizes: [1, Self.side, Self.side, Self.side])
        var model = executor.model(description: description, version: version)
        try model.foldBatchNormalisation()
        return model
    }
}
