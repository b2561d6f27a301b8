import Foundation

extension ONNXModel {
    private static let folded = ".folded"
    private static let half = ".half"

    /// Whether it is a network that was written by `foldBatchNormalisation`.
    public var hasFoldedNormalisation: Bool {
        proto.graph.initializer.contains { $0.name.hasSuffix(Self.folded) || $0.name.hasSuffix(Self.folded + Self.half) }
    }

    /// The weights of a network whose normalisations were folded, as those of the network before: each folded convolution keeps its weight, and
    /// its normalisation becomes one that adds the folded bias and changes nothing else.
    ///
    /// A variance of 100 and a scale of 10 leave the ε under the root (0.001 or 0.00001) less than 0.00001 of any output. Such weights
    /// are of use to a training whose normalisation stays as it is: the statistics of the batches that they were learnt with are gone.
    /// - Returns: By the parameters' names; constants that are no parameters are among them.
    /// - Throws: `ModelGraphError` where a weight that several convolutions shared was folded into several.
    public func unfoldedWeights() throws -> [String: NumericArray] {
        var arrays: [String: NumericArray] = [:]
        for tensor in proto.graph.initializer {
            var name = tensor.name
            let values: [Float]
            switch Int(tensor.dataType) {
            case Onnx_TensorProto.DataType.float.rawValue: values = FloatBytes.floats(tensor.rawData)
            case Onnx_TensorProto.DataType.float16.rawValue:
                values = FloatBytes.floats(halves: tensor.rawData)
                if name.hasSuffix(Self.half) { name.removeLast(Self.half.count) }
            default: continue
            }
            let shape = tensor.dims.map(Int.init)
            guard NumericArray.count(of: shape) == values.count else {
                throw ModelGraphError(.damaged, "the constant \(tensor.name) has not as many numbers as its shape says")
            }
            arrays[name] = NumericArray(shape: shape, values: values)
        }
        for name in arrays.keys.sorted() where name.hasSuffix(Self.folded) {
            let stem = String(name.dropLast(Self.folded.count))
            guard stem.hasSuffix(".weight"), let weight = arrays.removeValue(forKey: name),
                let bias = arrays.removeValue(forKey: stem + ".bias"), stem.hasSuffix(".convolution.weight")
            else {
                throw ModelGraphError(
                    .unsupported, "its weight \(stem) was shared and folded into several: train from the weights it was exported from")
            }
            let unit = stem.dropLast(".convolution.weight".count)
            let channels = bias.values.count
            func constant(_ value: Float) -> NumericArray {
                NumericArray(shape: [channels], values: Array(repeating: value, count: channels))
            }
            arrays[stem] = weight
            arrays["\(unit).normalisation.weight"] = constant(10)
            arrays["\(unit).normalisation.bias"] = bias
            arrays["\(unit).normalisation.running_mean"] = constant(0)
            arrays["\(unit).normalisation.running_variance"] = constant(100)
        }
        return arrays
    }
}
