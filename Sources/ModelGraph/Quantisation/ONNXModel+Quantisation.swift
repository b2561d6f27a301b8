import Foundation

extension ONNXModel {
    /// The model with some convolutions in 8 bits, written as pairs of QuantizeLinear and DequantizeLinear, which an engine that knows them
    /// takes for 8-bit arithmetic: activations as unsigned integers with one scale and zero a tensor, weights as `QuantisedWeights`, stored
    /// as the integers they are. Sums and biases keep their 32 bits.
    ///
    /// A value that several of the convolutions read is quantised once; the others read it as it was.
    /// - Parameters:
    ///   - convolutions: Of this model's `quantisableConvolutions`.
    ///   - ranges: Of every value that they read, by name.
    /// - Throws: `ModelGraphError` where a range is missing, weights are not finite, or the model's operator set is too old.
    public func quantised(_ convolutions: [QuantisableConvolution], ranges: [String: ActivationRange]) throws -> ONNXModel {
        var writer = try QuantisationWriter(self)
        let wanted = Dictionary(convolutions.map { ($0.output, $0) }) { first, _ in first }
        for node in proto.graph.node {
            guard let convolution = node.output.first.flatMap({ wanted[$0] }) else {
                writer.nodes.append(node)
                continue
            }
            var node = node
            node.input[0] = try writer.activation(convolution.input, ranges)
            node.input[1] = try writer.weight(convolution.weight)
            writer.nodes.append(node)
        }
        return writer.model
    }

    /// A probe: this model with outputs that say how far 8 bits shift what each convolution makes, on average over the places of a channel.
    /// - Returns: The model, and for each convolution's output the name of the probe's output with what has to be added, [1, O, 1, 1].
    /// - Throws: As `quantised`.
    public func shiftProbe(
        _ convolutions: [QuantisableConvolution], ranges: [String: ActivationRange]
    ) throws -> (model: ONNXModel, outputs: [String: String]) {
        var writer = try QuantisationWriter(self)
        var outputs: [String: String] = [:]
        let wanted = Dictionary(convolutions.map { ($0.output, $0) }) { first, _ in first }
        for node in proto.graph.node {
            writer.nodes.append(node)
            guard let convolution = node.output.first.flatMap({ wanted[$0] }) else { continue }
            let name = convolution.output
            var twin = node
            twin.name = name + ".twin"
            twin.input[0] = try writer.activation(convolution.input, ranges)
            twin.input[1] = try writer.weight(convolution.weight)
            twin.output = [name + ".twin"]
            writer.nodes.append(twin)
            writer.node("Sub", [name, name + ".twin"], name + ".difference")
            writer.node("GlobalAveragePool", [name + ".difference"], name + ".shift")
            outputs[name] = name + ".shift"
        }
        return (try writer.model.exposing(outputs.values.sorted()), outputs)
    }

    /// Adds to the biases of convolutions, which get one where they have none.
    /// - Parameter shifts: [O] for each convolution, by its output.
    /// - Throws: `ModelGraphError` where a bias is no 32-bit constant of as many numbers.
    public mutating func addToBiases(_ shifts: [String: [Float]]) throws {
        var constants = Dictionary(proto.graph.initializer.map { ($0.name, $0) }) { first, _ in first }
        for index in proto.graph.node.indices where proto.graph.node[index].opType == "Conv" {
            let node = proto.graph.node[index]
            guard let output = node.output.first, let shift = shifts[output] else { continue }
            var bias = Onnx_TensorProto()
            bias.dataType = Self.float
            bias.dims = [Int64(shift.count)]
            var values = [Float](repeating: 0, count: shift.count)
            if node.input.count > 2, !node.input[2].isEmpty {
                guard let old = constants[node.input[2]], old.dataType == Self.float, old.rawData.count == shift.count * 4 else {
                    throw ModelGraphError(.unsupported, "the bias of a convolution is no constant of \(shift.count) numbers")
                }
                values = FloatBytes.floats(old.rawData)
            }
            bias.name = output + ".shifted_bias"
            bias.rawData = FloatBytes.bytes(zip(values, shift).map(+))
            constants[bias.name] = bias
            proto.graph.initializer.append(bias)
            proto.graph.node[index].input = Array(node.input.prefix(2)) + [bias.name]
        }
        removeUnusedConstants()
    }

    /// The model with more outputs: values it computes on its way.
    /// - Throws: `ModelGraphError` where it has no such value.
    public func exposing(_ names: [String]) throws -> ONNXModel {
        var model = self
        let made = Set(proto.graph.node.flatMap(\.output))
        let there = Set(outputNames)
        for name in names where !there.contains(name) {
            guard made.contains(name) else { throw ModelGraphError(.missing, "the network has no value of that name") }
            var info = Onnx_ValueInfoProto()
            info.name = name
            info.type.tensorType.elemType = Self.float
            model.proto.graph.output.append(info)
        }
        return model
    }

    /// Whether it has values in 8 bits already.
    public var isQuantised: Bool { proto.graph.node.contains { $0.opType == "DequantizeLinear" || $0.opType == "QuantizeLinear" } }

    /// Names of the constants of 8-bit signed integers with more than one axis: the quantised weights.
    package var integerWeightNames: [String] {
        proto.graph.initializer.filter { $0.dataType == Int32(Onnx_TensorProto.DataType.int8.rawValue) && $0.dims.count > 1 }.map(\.name)
    }
}
