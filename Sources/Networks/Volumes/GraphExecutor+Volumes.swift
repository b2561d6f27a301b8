import ModelGraph
import Tensors

/// Blocks are cubes: a value's height and width are its depth, too.
extension GraphExecutor: VolumeExecutor {
    /// The graph's input of shape [N, channels, side, side, side].
    public func volumeInput(_ name: String, channels: Int, side: Int) -> Value {
        let value = builder.input(name, axes: [.open("N")] + [channels, side, side, side].map { .fixed($0) })
        return Value(value: value, channels: channels, height: side, width: side)
    }

    public func convolution(_ x: Value, _ layer: VolumeConvolution) throws -> Value {
        var inputs = [x.value, try parameter(layer.weight)]
        if let bias = layer.bias { inputs.append(try parameter(bias)) }
        let value = builder.node(
            "Conv", inputs,
            [
                ("kernel_shape", .integers([Int](repeating: layer.kernel, count: 3))), ("strides", .integers([1, 1, 1])),
                ("pads", .integers([Int](repeating: layer.padding, count: 6))), ("group", .integer(1)),
            ])
        let side = x.height + 2 * layer.padding - layer.kernel + 1
        return Value(value: value, channels: layer.weight.tensor.shape[0], height: side, width: side)
    }

    public func volumeHalved(_ x: Value) throws -> Value {
        let value = builder.node(
            "MaxPool", [x.value], [("kernel_shape", .integers([2, 2, 2])), ("strides", .integers([2, 2, 2]))])
        return Value(value: value, channels: x.channels, height: x.height / 2, width: x.width / 2)
    }

    public func volumeDoubled(_ x: Value) throws -> Value {
        let scales = shared("scales_volume_double", NumericArray(shape: [5], values: [1, 1, 2, 2, 2]))
        let value = builder.node(
            "Resize", [x.value, .absent, scales],
            [("mode", .text("nearest")), ("coordinate_transformation_mode", .text("asymmetric")), ("nearest_mode", .text("floor"))])
        return Value(value: value, channels: x.channels, height: 2 * x.height, width: 2 * x.width)
    }
}
