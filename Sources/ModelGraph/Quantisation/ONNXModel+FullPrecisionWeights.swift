import Foundation

extension ONNXModel {
    /// Undoes `storeWeightsInHalfPrecision`: every binary16 constant that is only cast to 32 bits becomes a 32-bit constant, and numbers
    /// that other programs write as a list become bytes as ours are. The graph computes what it did.
    /// - Returns: The names of those constants, which can be stored in 16 bits again without a loss while they are not changed.
    @discardableResult
    public mutating func restoreFullPrecisionWeights() -> Set<String> {
        for index in proto.graph.initializer.indices where proto.graph.initializer[index].dataType == Self.float {
            let values = proto.graph.initializer[index].floatData
            guard !values.isEmpty, proto.graph.initializer[index].rawData.isEmpty else { continue }
            proto.graph.initializer[index].rawData = FloatBytes.bytes(values)
            proto.graph.initializer[index].floatData = []
        }
        let half = Int32(Onnx_TensorProto.DataType.float16.rawValue)
        let tensors = proto.graph.initializer.filter { $0.dataType == half && !$0.rawData.isEmpty }
        let halves = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
        var restored: [Onnx_TensorProto] = []
        proto.graph.node.removeAll { node in
            let target = node.attribute.first { $0.name == "to" }?.i
            guard node.opType == "Cast", target == Int64(Self.float), node.input.count == 1, node.output.count == 1,
                var tensor = halves[node.input[0]]
            else { return false }
            tensor.name = node.output[0]
            tensor.dataType = Self.float
            tensor.rawData = FloatBytes.bytes(FloatBytes.floats(halves: tensor.rawData))
            restored.append(tensor)
            return true
        }
        proto.graph.initializer += restored
        removeUnusedConstants()
        return Set(restored.map(\.name))
    }

    mutating func removeUnusedConstants() {
        let used = Set(proto.graph.node.flatMap(\.input)).union(proto.graph.output.map(\.name))
        proto.graph.initializer.removeAll { !used.contains($0.name) }
    }
}
