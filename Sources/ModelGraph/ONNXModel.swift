import Foundation
import SwiftProtobuf

/// A model in ONNX's format, to be edited and written.
public struct ONNXModel: Sendable {
    var proto: Onnx_ModelProto

    init(proto: Onnx_ModelProto) { self.proto = proto }

    /// - Throws: `ModelGraphError` where the bytes are no ONNX model.
    public init(bytes: Data) throws {
        do {
            proto = try Onnx_ModelProto(serializedBytes: bytes)
        } catch {
            throw ModelGraphError(.damaged, "not an ONNX model")
        }
        guard proto.hasGraph, !proto.graph.node.isEmpty else { throw ModelGraphError(.damaged, "an ONNX model without a graph") }
    }

    /// - Throws: `ModelGraphError` where a required field is missing.
    public func bytes() throws -> Data {
        do {
            return try proto.serializedData()
        } catch {
            throw ModelGraphError(.damaged, "the model cannot be serialised")
        }
    }

    public var inputNames: [String] { proto.graph.input.map(\.name) }
    public var outputNames: [String] { proto.graph.output.map(\.name) }
    /// How often each operator occurs.
    public var operatorCounts: [String: Int] { proto.graph.node.reduce(into: [:]) { $0[$1.opType, default: 0] += 1 } }
}
