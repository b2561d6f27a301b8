import Foundation

/// Writes the nodes of a graph anew with quantised values between them, each quantised once.
struct QuantisationWriter {
    var nodes: [Onnx_NodeProto] = []
    private var source: ONNXModel
    private let weights: [String: Onnx_TensorProto]
    private var constants: [Onnx_TensorProto] = []
    /// The values that stand for those that were quantised, by their names.
    private var standIns: [String: String] = [:]

    /// - Throws: `ModelGraphError` for an operator set that has no scale a channel.
    init(_ model: ONNXModel) throws {
        let set = model.proto.opsetImport.first { $0.domain.isEmpty || $0.domain == "ai.onnx" }?.version ?? 0
        guard set >= 13 else { throw ModelGraphError(.unsupported, "a network of operator set \(set): 13 or later can be quantised") }
        source = model
        weights = Dictionary(model.proto.graph.initializer.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The graph with the nodes written.
    var model: ONNXModel {
        var model = source
        model.proto.graph.node = nodes
        model.proto.graph.initializer += constants
        model.removeUnusedConstants()
        return model
    }

    /// Quantises and dequantises activations; gives the name of what stands for them.
    mutating func activation(_ name: String, _ ranges: [String: ActivationRange]) throws -> String {
        if let done = standIns[name] { return done }
        guard let range = ranges[name] else { throw ModelGraphError(.missing, "no range was measured for a convolution's input") }
        let scale = constant(name + ".scale", [], FloatBytes.bytes([range.scale]), .float)
        let zero = constant(name + ".zero", [], Data([range.zeroPoint]), .uint8)
        node("QuantizeLinear", [name, scale, zero], name + ".quantised")
        return standIn(name, node("DequantizeLinear", [name + ".quantised", scale, zero], name + ".dequantised"))
    }

    /// Stores weights as integers and dequantises them; gives the name of what stands for them.
    mutating func weight(_ name: String) throws -> String {
        if let done = standIns[name] { return done }
        guard let tensor = weights[name], let shape = tensor.dims.map(Int.init) as [Int]?,
            tensor.rawData.count == 4 * shape.reduce(1, *),
            let quantised = QuantisedWeights(NumericArray(shape: shape, values: FloatBytes.floats(tensor.rawData)))
        else { throw ModelGraphError(.unsupported, "the weights of a convolution are not finite 32-bit numbers") }
        let integers = constant(name + ".integers", shape, quantised.values.withUnsafeBytes { Data($0) }, .int8)
        let scales = constant(name + ".scales", [shape[0]], FloatBytes.bytes(quantised.scales), .float)
        let zeros = constant(name + ".zeros", [shape[0]], Data(count: shape[0]), .int8)
        var axis = Onnx_AttributeProto()
        axis.name = "axis"
        axis.type = .int
        axis.i = 0
        return standIn(name, node("DequantizeLinear", [integers, scales, zeros], name + ".dequantised", [axis]))
    }

    /// Writes a node that makes one value, after which it is named.
    @discardableResult
    mutating func node(_ operation: String, _ inputs: [String], _ output: String, _ attributes: [Onnx_AttributeProto] = []) -> String {
        var node = Onnx_NodeProto()
        node.opType = operation
        node.name = output
        node.input = inputs
        node.output = [output]
        node.attribute = attributes
        nodes.append(node)
        return output
    }

    private mutating func standIn(_ name: String, _ value: String) -> String {
        standIns[name] = value
        return value
    }

    private mutating func constant(_ name: String, _ shape: [Int], _ bytes: Data, _ type: Onnx_TensorProto.DataType) -> String {
        var tensor = Onnx_TensorProto()
        tensor.name = name
        tensor.dims = shape.map(Int64.init)
        tensor.dataType = Int32(type.rawValue)
        tensor.rawData = bytes
        constants.append(tensor)
        return name
    }
}
