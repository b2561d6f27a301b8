import Foundation
import ModelGraph
import SwiftProtobuf

/// The constant tensors of a frozen TensorFlow graph (`frozen_inference_graph.pb`), by node name.
public struct FrozenTensorFlowGraph: Sendable {
    /// 32-bit float constants with more than one number, in TensorFlow's own layouts (HWIO for convolutions).
    public let constants: [String: NumericArray]

    /// - Throws: `ModelGraphError`.
    public init(contentsOf url: URL) throws {
        guard let bytes = try? Data(contentsOf: url) else {
            throw ModelGraphError(.unreadable, "\(url.lastPathComponent) cannot be opened")
        }
        try self.init(bytes: bytes)
    }

    public init(bytes: Data) throws {
        let graph: Tensorflow_GraphDef
        do {
            graph = try Tensorflow_GraphDef(serializedBytes: bytes)
        } catch {
            throw ModelGraphError(.damaged, "not a TensorFlow GraphDef")
        }
        var constants: [String: NumericArray] = [:]
        var repeated = 0
        for node in graph.node where node.op == "Const" {
            guard let tensor = node.attr["value"]?.tensor, tensor.dtype == Self.floatType else { continue }
            try TensorName.check(node.name)
            let shape = tensor.tensorShape.dim.map { Int($0.size) }
            guard let count = NumericArray.count(of: shape) else {
                throw ModelGraphError(.damaged, "constant \(node.name) has an impossible shape")
            }
            var values: [Float]
            if tensor.tensorContent.isEmpty {
                // TensorFlow repeats the last number given up to the shape.
                values = Array(tensor.floatVal.prefix(count))
                repeated += max(0, count - values.count)
                guard repeated <= Self.mostRepeated else {
                    throw ModelGraphError(.damaged, "constant \(node.name) has an impossible shape")
                }
                if let last = values.last { values += [Float](repeating: last, count: count - values.count) }
            } else {
                values = FloatBytes.floats(tensor.tensorContent)
            }
            guard count > 1 else { continue }
            guard values.count == count else {
                throw ModelGraphError(.damaged, "constant \(node.name) has \(values.count) numbers for the shape \(shape)")
            }
            constants[node.name] = NumericArray(shape: shape, values: values)
        }
        self.constants = constants
    }

    /// Numbers that a file's constants may have beyond those it gives, or a small file could fill any memory; the largest tensor of the
    /// networks read here has a tenth.
    private static let mostRepeated = 1 << 26
    /// DT_FLOAT of TensorFlow's types.proto.
    private static let floatType: Int32 = 1
}
