/// The way down of a U-Net: maps at the input's size, a half, a quarter, an eighth and a sixteenth of it.
public struct SegmenterEncoder: Backbone {
    public let mapChannels: [Int]
    public let mapStrides = [1, 2, 4, 8, 16]
    private let stem: ConvolutionUnit
    private let levels: [[SeparableConvolution]]

    /// Nobody publishes weights for it.
    public var sources: [WeightSource] { [] }

    public var stages: [[Parameter]] {
        levels.enumerated().map { index, level in (index == 0 ? stem.parameters : []) + level.flatMap(\.parameters) }
    }

    init(_ name: String, inputChannels: Int, channels: [Int], initialiser: inout Initialiser) throws {
        mapChannels = channels
        stem = try ConvolutionUnit(
            "\(name).stem", inputs: inputChannels, outputs: channels[0], kernel: 3, activation: .relu,
            epsilon: ConvolutionUnit.torchEpsilon, initialiser: &initialiser)
        var levels: [[SeparableConvolution]] = []
        for (index, count) in channels.enumerated() {
            let before = index == 0 ? count : channels[index - 1]
            var level = [
                try SeparableConvolution(
                    "\(name).level_\(index).0", inputs: before, outputs: count, stride: index == 0 ? 1 : 2, initialiser: &initialiser)
            ]
            if index > 0 {
                level.append(
                    try SeparableConvolution("\(name).level_\(index).1", inputs: count, outputs: count, initialiser: &initialiser))
            }
            levels.append(level)
        }
        self.levels = levels
    }

    public func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> [E.Value] {
        var value = try stem(x, executor)
        return try levels.map { level in
            for convolution in level { value = try convolution(value, executor) }
            return value
        }
    }
}
