import Foundation

extension ONNXModel {
    /// Moves every `BatchNormalization` that follows a `Conv` (and nothing else uses that convolution) into the convolution's weight
    /// and bias: w' = w γ / √(σ² + ε), b' = (b - μ) γ / √(σ² + ε) + β. Outputs stay equal but for rounding.
    public mutating func foldBatchNormalisation() throws {
        let uses = proto.graph.node.reduce(into: [String: Int]()) { counts, node in
            for input in node.input { counts[input, default: 0] += 1 }
        }
        let producers = Dictionary(proto.graph.node.enumerated().map { ($1.output.first ?? "", $0) }) { first, _ in first }
        var constants = Dictionary(proto.graph.initializer.map { ($0.name, $0) }) { first, _ in first }
        var folded: Set<Int> = []
        for (index, node) in proto.graph.node.enumerated() where node.opType == "BatchNormalization" && node.input.count == 5 {
            guard let producer = producers[node.input[0]], proto.graph.node[producer].opType == "Conv", uses[node.input[0]] == 1 else {
                continue
            }
            let convolution = proto.graph.node[producer]
            guard convolution.input.count > 1, let weight = constants[convolution.input[1]], let outputs = weight.dims.first, outputs > 0
            else { continue }
            let parameters = node.input.dropFirst().compactMap { constants[$0].map { FloatBytes.floats($0.rawData) } }
            guard parameters.count == 4 else { continue }
            let epsilon = node.attribute.first { $0.name == "epsilon" }?.f ?? 1e-5
            let channels = Int(outputs)
            guard parameters.allSatisfy({ $0.count == channels }) else {
                throw ModelGraphError(.damaged, "normalisation \(node.name) does not fit its convolution")
            }
            let scale = zip(parameters[0], parameters[3]).map { $0 / ($1 + epsilon).squareRoot() }
            var values = FloatBytes.floats(weight.rawData)
            let perChannel = values.count / channels
            for channel in 0..<channels {
                for offset in 0..<perChannel { values[channel * perChannel + offset] *= scale[channel] }
            }
            let oldBias = convolution.input.count > 2 ? constants[convolution.input[2]].map { FloatBytes.floats($0.rawData) } : nil
            let (shift, mean) = (parameters[1], parameters[2])
            let bias = (0..<channels).map { channel -> Float in
                let before: Float = oldBias?[channel] ?? 0
                return (before - mean[channel]) * scale[channel] + shift[channel]
            }

            // Convolutions that share a weight (a head's over its levels) part here.
            let stem = uses[weight.name] == 1 ? weight.name : "\(weight.name).\(convolution.name)"
            var newWeight = weight
            newWeight.name = stem + ".folded"
            newWeight.rawData = FloatBytes.bytes(values)
            var newBias = Onnx_TensorProto()
            newBias.name = stem + ".bias"
            newBias.dims = [Int64(channels)]
            newBias.dataType = weight.dataType
            newBias.rawData = FloatBytes.bytes(bias)
            constants[newWeight.name] = newWeight
            constants[newBias.name] = newBias
            proto.graph.node[producer].input = [convolution.input[0], newWeight.name, newBias.name]
            proto.graph.node[producer].output = node.output
            folded.insert(index)
        }
        proto.graph.node = proto.graph.node.enumerated().filter { !folded.contains($0.offset) }.map(\.element)
        let used = Set(proto.graph.node.flatMap(\.input))
        proto.graph.initializer = constants.values.filter { used.contains($0.name) }.sorted { $0.name < $1.name }
    }
}
