extension ONNXModel {
    /// Stores every float constant of at least `minimumCount` numbers as binary16 with a `Cast` back to 32 bits behind it: half the
    /// file, the same graph. The engine folds the casts when it compiles. Small constants (biases, anchors' decoding) stay exact.
    /// - Parameter isRounded: Which constants, by name.
    public mutating func storeWeightsInHalfPrecision(minimumCount: Int = 1024, where isRounded: (String) -> Bool = { _ in true }) {
        var casts: [Onnx_NodeProto] = []
        for index in proto.graph.initializer.indices {
            let tensor = proto.graph.initializer[index]
            let values = FloatBytes.floats(tensor.rawData)
            guard tensor.dataType == Int32(Onnx_TensorProto.DataType.float.rawValue), values.count >= minimumCount, isRounded(tensor.name)
            else { continue }
            proto.graph.initializer[index].name = tensor.name + ".half"
            proto.graph.initializer[index].dataType = Int32(Onnx_TensorProto.DataType.float16.rawValue)
            proto.graph.initializer[index].rawData = FloatBytes.halfBytes(values)
            var cast = Onnx_NodeProto()
            cast.opType = "Cast"
            cast.name = tensor.name + ".cast"
            cast.input = [tensor.name + ".half"]
            cast.output = [tensor.name]
            var target = Onnx_AttributeProto()
            target.name = "to"
            target.type = .int
            target.i = Int64(Onnx_TensorProto.DataType.float.rawValue)
            cast.attribute = [target]
            casts.append(cast)
        }
        proto.graph.node = casts + proto.graph.node
    }
}
