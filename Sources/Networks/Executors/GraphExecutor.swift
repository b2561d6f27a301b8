import ModelGraph
import Tensors

/// Writes a network down as an ONNX graph instead of running it.
public final class GraphExecutor: Executor {
    /// A value of the graph with the sizes that padding and flattening need; the batch axis stays open.
    public struct Value {
        let value: GraphBuilder.Value
        let channels: Int
        let height: Int
        let width: Int
    }

    var builder: GraphBuilder
    private var constants: [String: GraphBuilder.Value] = [:]

    public init(name: String) { builder = GraphBuilder(name: name) }

    /// The graph's input of shape [N, channels, height, width].
    public func input(_ name: String, channels: Int, height: Int, width: Int) -> Value {
        let value = builder.input(name, axes: [.open("N"), .fixed(channels), .fixed(height), .fixed(width)])
        return Value(value: value, channels: channels, height: height, width: width)
    }

    /// Makes `x` [N, sizes...] an output.
    public func output(_ x: Value, name: String, sizes: [Int]) {
        builder.output(x.value, name: name, axes: [.open("N")] + sizes.map { .fixed($0) })
    }

    public func model(description: String, version: String) -> ONNXModel {
        builder.model(producer: "Pleura", version: version, description: description)
    }

    public func size(of x: Value) -> (height: Int, width: Int) { (x.height, x.width) }

    public func convolution(_ x: Value, _ layer: Convolution) throws -> Value {
        let padding = layer.padding(height: x.height, width: x.width)
        var inputs = [x.value, try parameter(layer.weight)]
        if let bias = layer.bias { inputs.append(try parameter(bias)) }
        let value = builder.node(
            "Conv", inputs,
            [
                ("kernel_shape", .integers([layer.kernel, layer.kernel])), ("strides", .integers([layer.stride, layer.stride])),
                ("pads", .integers([padding.top, padding.left, padding.bottom, padding.right])), ("group", .integer(layer.groups)),
            ])
        func reduced(_ size: Int) -> Int { (size + layer.stride - 1) / layer.stride }
        return Value(value: value, channels: layer.weight.tensor.shape[0], height: reduced(x.height), width: reduced(x.width))
    }

    public func batchNormalisation(_ x: Value, _ layer: BatchNormalisation) throws -> Value {
        let parameters = try [layer.weight, layer.bias, layer.runningMean, layer.runningVariance].map(parameter)
        return with(x, builder.node("BatchNormalization", [x.value] + parameters, [("epsilon", .real(layer.epsilon))]))
    }

    public func relu(_ x: Value) throws -> Value { with(x, builder.node("Relu", [x.value])) }
    public func clamp(_ x: Value, _ low: Double, _ high: Double) throws -> Value {
        let bounds = [scalar(low), scalar(high)]
        return with(x, builder.node("Clip", [x.value] + bounds))
    }
    public func hardSwish(_ x: Value) throws -> Value { with(x, builder.node("HardSwish", [x.value])) }
    public func hardSigmoid(_ x: Value) throws -> Value {
        with(x, builder.node("HardSigmoid", [x.value], [("alpha", .real(1.0 / 6)), ("beta", .real(0.5))]))
    }
    public func sigmoid(_ x: Value) throws -> Value { with(x, builder.node("Sigmoid", [x.value])) }
    public func exponential(_ x: Value) throws -> Value { with(x, builder.node("Exp", [x.value])) }
    public func squareRoot(_ x: Value) throws -> Value { with(x, builder.node("Sqrt", [x.value])) }
    public func maxPool(_ x: Value) throws -> Value {
        let value = builder.node(
            "MaxPool", [x.value],
            [("kernel_shape", .integers([3, 3])), ("strides", .integers([2, 2])), ("pads", .integers([1, 1, 1, 1]))])
        return Value(value: value, channels: x.channels, height: (x.height + 1) / 2, width: (x.width + 1) / 2)
    }
    public func doubled(_ x: Value) throws -> Value {
        let scales = shared("scales_double", NumericArray(shape: [4], values: [1, 1, 2, 2]))
        let value = builder.node(
            "Resize", [x.value, .absent, scales],
            [("mode", .text("nearest")), ("coordinate_transformation_mode", .text("asymmetric")), ("nearest_mode", .text("floor"))])
        return Value(value: value, channels: x.channels, height: 2 * x.height, width: 2 * x.width)
    }
    public func value(of parameter: Parameter) throws -> Value {
        Value(value: try self.parameter(parameter), channels: 0, height: 0, width: 0)
    }
    public func globalAverage(_ x: Value) throws -> Value {
        Value(value: builder.node("GlobalAveragePool", [x.value]), channels: x.channels, height: 1, width: 1)
    }
    public func rowAverage(_ x: Value) throws -> Value {
        let value = builder.node("ReduceMean", [x.value], [("axes", .integers([3])), ("keepdims", .integer(1))])
        return Value(value: value, channels: x.channels, height: x.height, width: 1)
    }
    public func transposed(_ x: Value) throws -> Value {
        let value = builder.node("Transpose", [x.value], [("perm", .integers([0, 1, 3, 2]))])
        return Value(value: value, channels: x.channels, height: x.width, width: x.height)
    }
    public func rows(_ x: Value, _ range: Range<Int>) throws -> Value {
        let bounds = [[range.lowerBound], [range.upperBound], [2]].map { builder.constant(indices: $0) }
        return Value(value: builder.node("Slice", [x.value] + bounds), channels: x.channels, height: range.count, width: x.width)
    }
    public func channelMaximum(_ x: Value) throws -> Value {
        let value = builder.node("ReduceMax", [x.value], [("axes", .integers([1])), ("keepdims", .integer(1))])
        return Value(value: value, channels: 1, height: x.height, width: x.width)
    }
    public func places(_ x: Value) throws -> Value {
        // 0 keeps an axis, -1 takes what is left: H * W.
        let value = builder.node("Reshape", [x.value, builder.constant(indices: [0, 0, -1])])
        return Value(value: value, channels: x.channels, height: x.height * x.width, width: 1)
    }

    /// Written out with the maximum taken off first: ONNX has an operator for it, but leaves open whether it may overflow.
    public func smoothMaximum(_ x: Value, sharpness: Double) throws -> Value {
        func reduced(_ operation: String, _ value: GraphBuilder.Value, keepsAxis: Bool) -> GraphBuilder.Value {
            builder.node(operation, [value], [("axes", .integers([2])), ("keepdims", .integer(keepsAxis ? 1 : 0))])
        }
        let factor = scalar(sharpness)
        let distance = builder.node("Sub", [x.value, reduced("ReduceMax", x.value, keepsAxis: true)])
        let mean = reduced("ReduceMean", builder.node("Exp", [builder.node("Mul", [distance, factor])]), keepsAxis: false)
        let above = builder.node("Div", [builder.node("Log", [mean]), factor])
        let value = builder.node("Add", [above, reduced("ReduceMax", x.value, keepsAxis: false)])
        return Value(value: value, channels: x.channels, height: 1, width: 1)
    }

    public func add(_ a: Value, _ b: Value) throws -> Value { with(a, builder.node("Add", [a.value, b.value])) }
    public func subtract(_ a: Value, _ b: Value) throws -> Value { with(a, builder.node("Sub", [a.value, b.value])) }
    public func multiply(_ a: Value, _ b: Value) throws -> Value {
        // The numbers' shapes may be each other's complement, as those of a row and a column.
        Value(
            value: builder.node("Mul", [a.value, b.value]), channels: max(a.channels, b.channels), height: max(a.height, b.height),
            width: max(a.width, b.width))
    }

    public func concatenate(_ values: [Value], axis: Int) throws -> Value {
        guard let first = values.first else { throw ModelGraphError(.missing, "nothing to concatenate") }
        let height = axis == 2 ? values.reduce(0) { $0 + $1.height } : first.height
        let channels = axis == 1 ? values.reduce(0) { $0 + $1.channels } : first.channels
        return Value(
            value: builder.node("Concat", values.map(\.value), [("axis", .integer(axis))]), channels: channels, height: height,
            width: first.width)
    }

    public func columns(_ x: Value, _ range: Range<Int>) throws -> Value {
        let bounds = [[range.lowerBound], [range.upperBound], [2]].map { builder.constant(indices: $0) }
        return with(x, builder.node("Slice", [x.value] + bounds))
    }

    public func anchorMajor(_ x: Value, columns: Int) throws -> Value {
        let last = builder.node("Transpose", [x.value], [("perm", .integers([0, 2, 3, 1]))])
        // 0 keeps the open batch axis, -1 takes what is left: H * W * A.
        let shape = builder.constant(indices: [0, -1, columns])
        return with(x, builder.node("Reshape", [last, shape]))
    }

    public func flattened(_ x: Value, columns: Int) throws -> Value {
        let shape = builder.constant(indices: [0, columns])
        return with(x, builder.node("Reshape", [x.value, shape]))
    }

    public func constant(_ values: [Float], shape: [Int], name: String) throws -> Value {
        Value(value: shared(name, NumericArray(shape: shape, values: values)), channels: 0, height: 0, width: 0)
    }

    private func with(_ x: Value, _ value: GraphBuilder.Value) -> Value {
        Value(value: value, channels: x.channels, height: x.height, width: x.width)
    }

    func parameter(_ parameter: Parameter) throws -> GraphBuilder.Value {
        try shared(parameter.name, NumericArray(shape: parameter.tensor.shape, values: try parameter.tensor.floats()))
    }

    private func scalar(_ value: Double) -> GraphBuilder.Value {
        shared("number_\(value)", NumericArray(shape: [], values: [Float(value)]))
    }

    /// One initialiser a name, however often it is used.
    func shared(_ name: String, _ array: @autoclosure () throws -> NumericArray) rethrows -> GraphBuilder.Value {
        if let known = constants[name] { return known }
        let value = try builder.constant(name, array())
        constants[name] = value
        return value
    }
}
