import ModelGraph
import Tensors

/// A small U-Net (Ronneberger et al., MICCAI 2015) of separable convolutions that says of each pixel which structures it is part of: one
/// logit a structure, independent of each other, since a clavicle lies over a lung.
public struct Segmenter: Network {
    /// Of the maps, from the input's size down.
    public static let channels = [16, 32, 64, 96, 128]

    public let classCount: Int
    public let inputChannels: Int
    public let inputSide: Int
    public let backbone: any Backbone
    private let encoder: SegmenterEncoder
    /// The way up, coarsest first.
    private let decoder: [[SeparableConvolution]]
    private let head: Convolution

    public var architecture: String { "depthwise_unet_\(Self.channels.map(String.init).joined(separator: "_"))" }
    public var parameters: [Parameter] {
        backbone.parameters + decoder.flatMap { $0.flatMap(\.parameters) } + head.parameters
    }

    /// - Parameter inputSide: A multiple of 16.
    /// - Throws: `NetworkError` where the shape cannot be built.
    public init(classCount: Int, inputChannels: Int = 1, inputSide: Int, seed: UInt64) throws {
        guard (64...512).contains(inputSide), inputSide.isMultiple(of: 16), classCount > 0, inputChannels > 0 else {
            throw NetworkError(.shape, "a segmenter's input has a side of 64 to 512 pixels, a multiple of 16, and one structure or more")
        }
        var initialiser = Initialiser(seed: seed)
        self.classCount = classCount
        self.inputChannels = inputChannels
        self.inputSide = inputSide
        let encoder = try SegmenterEncoder(
            "encoder", inputChannels: inputChannels, channels: Self.channels, initialiser: &initialiser)
        self.encoder = encoder
        backbone = encoder
        var decoder: [[SeparableConvolution]] = []
        for level in Self.channels.indices.dropLast().reversed() {
            let (own, below) = (Self.channels[level], Self.channels[level + 1])
            decoder.append([
                try SeparableConvolution("decoder.level_\(level).0", inputs: own + below, outputs: own, initialiser: &initialiser),
                try SeparableConvolution("decoder.level_\(level).1", inputs: own, outputs: own, initialiser: &initialiser),
            ])
        }
        self.decoder = decoder
        head = try Convolution(
            "head", inputs: Self.channels[0], outputs: classCount, kernel: 1, bias: -2, deviation: 0.05, initialiser: &initialiser)
    }

    /// [N, inputChannels, inputSide, inputSide] to logits [N, classCount, inputSide, inputSide].
    public func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> E.Value {
        let maps = try encoder(x, executor)
        var value = maps[maps.count - 1]
        for (level, convolutions) in zip(maps.indices.dropLast().reversed(), decoder) {
            value = try executor.concatenate([executor.doubled(value), maps[level]], axis: 1)
            for convolution in convolutions { value = try convolution(value, executor) }
        }
        return try head(value, executor)
    }

    /// A network of the same shape with starting values of its own.
    public func untrainedCopy(seed: UInt64) throws -> Segmenter {
        try Segmenter(classCount: classCount, inputChannels: inputChannels, inputSide: inputSide, seed: seed)
    }

    /// The same network as an ONNX model: input `image`, output `masks` [N, C, side, side] in 0...1, the batch left open.
    public func onnxModel(description: String, version: String) throws -> ONNXModel {
        let executor = GraphExecutor(name: architecture)
        let input = executor.input("image", channels: inputChannels, height: inputSide, width: inputSide)
        executor.output(try executor.sigmoid(self(input, executor)), name: "masks", sizes: [classCount, inputSide, inputSide])
        var model = executor.model(description: description, version: version)
        try model.foldBatchNormalisation()
        return model
    }
}
