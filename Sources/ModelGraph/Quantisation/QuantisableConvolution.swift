/// A convolution of a graph that can be computed in 8 bits, by the names of the values it reads and makes.
public struct QuantisableConvolution: Hashable, Sendable {
    /// The activations it reads.
    public let input: String
    /// What it makes, which names it: a graph's nodes need no names, but no two make the same value.
    public let output: String
    /// The constant with its weights.
    public let weight: String
}

extension ONNXModel {
    /// The convolutions to be computed in 8 bits, in the graph's order: those with constant 32-bit weights, but for those behind a global
    /// average (squeeze-and-excitation, a whole image's scores), which see one place, cost nothing and scale whole channels.
    ///
    /// Everything that is no convolution (sigmoids, the decoding of boxes) keeps its 32 bits.
    public var quantisableConvolutions: [QuantisableConvolution] {
        let weights = Set(
            proto.graph.initializer.filter { $0.dataType == Self.float && $0.dims.count >= 3 && $0.dims[0] > 0 }.map(\.name))
        var averaged: Set<String> = []
        var found: [QuantisableConvolution] = []
        for node in proto.graph.node {
            guard let input = node.input.first, let output = node.output.first else { continue }
            let carries = Self.keepsPlaces.contains(node.opType) && averaged.contains(input)
            if node.opType == "GlobalAveragePool" || carries {
                averaged.insert(output)
            } else if node.opType == "Conv", node.input.count > 1, weights.contains(node.input[1]) {
                found.append(QuantisableConvolution(input: input, output: output, weight: node.input[1]))
            }
        }
        return found
    }

    /// Operators that make one number of one number, place by place, and convolutions.
    private static let keepsPlaces: Set<String> = [
        "Conv", "Relu", "Clip", "HardSwish", "HardSigmoid", "Sigmoid", "LeakyRelu", "Elu", "BatchNormalization", "Identity",
    ]

    static let float = Int32(Onnx_TensorProto.DataType.float.rawValue)
}
