import Tensors

/// Adds up what a network computes and keeps instead of computing it: sizes only, one image.
public final class CostExecutor: Executor {
    /// Sizes of a value; columns of flattened ones are `channels`.
    public struct Value: Sendable {
        var channels: Int
        var height: Int
        var width: Int
        var count: Int { channels * height * width }
    }

    /// Multiplications with an addition, of convolutions.
    public private(set) var multiplications = 0.0
    /// Numbers that steps give, most of which the backward pass needs again.
    public private(set) var activations = 0.0

    public init() {}

    public func input(channels: Int, side: Int) -> Value { Value(channels: channels, height: side, width: side) }

    private func kept(_ value: Value) -> Value {
        activations += Double(value.count)
        return value
    }

    public func size(of x: Value) -> (height: Int, width: Int) { (x.height, x.width) }

    public func convolution(_ x: Value, _ layer: Convolution) throws -> Value {
        func reduced(_ size: Int) -> Int { (size + layer.stride - 1) / layer.stride }
        let shape = layer.weight.tensor.shape
        let result = Value(channels: shape[0], height: reduced(x.height), width: reduced(x.width))
        multiplications += Double(result.count) * Double(shape[1] * shape[2] * shape[3])
        return kept(result)
    }

    public func batchNormalisation(_ x: Value, _ layer: BatchNormalisation) throws -> Value { kept(x) }
    public func relu(_ x: Value) throws -> Value { kept(x) }
    public func clamp(_ x: Value, _ low: Double, _ high: Double) throws -> Value { kept(x) }
    public func hardSwish(_ x: Value) throws -> Value { kept(x) }
    public func hardSigmoid(_ x: Value) throws -> Value { kept(x) }
    public func sigmoid(_ x: Value) throws -> Value { kept(x) }
    public func exponential(_ x: Value) throws -> Value { kept(x) }
    public func squareRoot(_ x: Value) throws -> Value { kept(x) }
    public func maxPool(_ x: Value) throws -> Value {
        kept(Value(channels: x.channels, height: (x.height + 1) / 2, width: (x.width + 1) / 2))
    }
    public func doubled(_ x: Value) throws -> Value { kept(Value(channels: x.channels, height: 2 * x.height, width: 2 * x.width)) }
    public func globalAverage(_ x: Value) throws -> Value { kept(Value(channels: x.channels, height: 1, width: 1)) }
    public func rowAverage(_ x: Value) throws -> Value { kept(Value(channels: x.channels, height: x.height, width: 1)) }
    public func transposed(_ x: Value) throws -> Value { Value(channels: x.channels, height: x.width, width: x.height) }
    public func rows(_ x: Value, _ range: Range<Int>) throws -> Value { Value(channels: x.channels, height: range.count, width: x.width) }
    public func channelMaximum(_ x: Value) throws -> Value { kept(Value(channels: 1, height: x.height, width: x.width)) }
    public func places(_ x: Value) throws -> Value { Value(channels: x.channels, height: x.height * x.width, width: 1) }
    public func smoothMaximum(_ x: Value, sharpness: Double) throws -> Value { kept(Value(channels: x.channels, height: 1, width: 1)) }
    public func add(_ a: Value, _ b: Value) throws -> Value { kept(a) }
    public func subtract(_ a: Value, _ b: Value) throws -> Value { kept(a) }
    public func multiply(_ a: Value, _ b: Value) throws -> Value {
        // A column of numbers and a row of them make a map, and so do a map of one channel and a number a channel.
        guard a.channels == b.channels || a.channels == 1 || b.channels == 1 else { return kept(a.count > b.count ? a : b) }
        return kept(
            Value(channels: max(a.channels, b.channels), height: max(a.height, b.height), width: max(a.width, b.width)))
    }

    public func concatenate(_ values: [Value], axis: Int) throws -> Value {
        guard var sum = values.first else { return Value(channels: 0, height: 0, width: 0) }
        // Channels of maps of one size; else one map's places after another's.
        for value in values.dropFirst() {
            if axis == 1, value.height == sum.height, value.width > 1 { sum.channels += value.channels } else { sum.height += value.height }
        }
        return kept(sum)
    }

    public func columns(_ x: Value, _ range: Range<Int>) throws -> Value { Value(channels: range.count, height: x.height, width: x.width) }
    public func anchorMajor(_ x: Value, columns: Int) throws -> Value {
        kept(Value(channels: columns, height: x.count / max(1, columns), width: 1))
    }
    public func flattened(_ x: Value, columns: Int) throws -> Value { Value(channels: columns, height: 1, width: 1) }
    public func value(of parameter: Parameter) throws -> Value {
        Value(channels: parameter.tensor.count, height: 1, width: 1)
    }
    public func constant(_ values: [Float], shape: [Int], name: String) throws -> Value {
        Value(channels: values.count, height: 1, width: 1)
    }
}
