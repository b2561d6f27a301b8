import Foundation
import SwiftProtobuf

/// Writes an ONNX graph node by node (ONNX IR version 8, operator set 17).
public struct GraphBuilder {
    /// The name of a value in the graph.
    public struct Value: Hashable, Sendable {
        public let name: String

        /// An optional input that is not given.
        public static let absent = Value(name: "")
    }

    /// A node's attribute.
    public enum Attribute {
        case integer(Int)
        case integers([Int])
        case real(Double)
        case text(String)
    }

    private var graph = Onnx_GraphProto()
    private var count = 0

    public init(name: String) { graph.name = name }

    /// Declares an input of 32-bit floats; an axis is a number or, for a size left open, a name.
    public mutating func input(_ name: String, axes: [Axis]) -> Value {
        graph.input.append(Self.info(name, axes))
        return Value(name: name)
    }

    /// One axis of an input or output.
    public enum Axis {
        case fixed(Int)
        case open(String)
    }

    /// Adds a constant of 32-bit floats.
    public mutating func constant(_ name: String, _ array: NumericArray) -> Value {
        var tensor = Onnx_TensorProto()
        tensor.name = name
        tensor.dims = array.shape.map(Int64.init)
        tensor.dataType = Int32(Onnx_TensorProto.DataType.float.rawValue)
        tensor.rawData = FloatBytes.bytes(array.values)
        graph.initializer.append(tensor)
        return Value(name: name)
    }

    /// Adds a constant of 64-bit integers (shapes, axes).
    public mutating func constant(indices: [Int]) -> Value {
        var tensor = Onnx_TensorProto()
        tensor.name = fresh("indices")
        tensor.dims = [Int64(indices.count)]
        tensor.dataType = Int32(Onnx_TensorProto.DataType.int64.rawValue)
        tensor.rawData = indices.map { Int64($0).littleEndian }.withUnsafeBytes { Data($0) }
        graph.initializer.append(tensor)
        return Value(name: tensor.name)
    }

    /// Adds an operator with one output.
    public mutating func node(_ operation: String, _ inputs: [Value], _ attributes: [(String, Attribute)] = []) -> Value {
        var node = Onnx_NodeProto()
        node.opType = operation
        node.name = fresh(operation)
        node.input = inputs.map(\.name)
        node.output = [node.name]
        node.attribute = attributes.map(Self.attribute)
        graph.node.append(node)
        return Value(name: node.name)
    }

    /// Makes a value an output of the graph under a name of its own.
    public mutating func output(_ value: Value, name: String, axes: [Axis]) {
        var node = Onnx_NodeProto()
        node.opType = "Identity"
        node.name = fresh("Identity")
        node.input = [value.name]
        node.output = [name]
        graph.node.append(node)
        graph.output.append(Self.info(name, axes))
    }

    /// The finished model.
    public func model(producer: String, version: String, description: String) -> ONNXModel {
        var model = Onnx_ModelProto()
        model.irVersion = 8
        model.producerName = producer
        model.producerVersion = version
        model.docString = description
        var operators = Onnx_OperatorSetIdProto()
        operators.domain = ""
        operators.version = 17
        model.opsetImport = [operators]
        model.graph = graph
        return ONNXModel(proto: model)
    }

    private mutating func fresh(_ stem: String) -> String {
        count += 1
        return "\(stem)_\(count)"
    }

    private static func attribute(_ name: String, _ value: Attribute) -> Onnx_AttributeProto {
        var attribute = Onnx_AttributeProto()
        attribute.name = name
        switch value {
        case .integer(let number):
            attribute.type = .int
            attribute.i = Int64(number)
        case .integers(let numbers):
            attribute.type = .ints
            attribute.ints = numbers.map(Int64.init)
        case .real(let number):
            attribute.type = .float
            attribute.f = Float(number)
        case .text(let text):
            attribute.type = .string
            attribute.s = Data(text.utf8)
        }
        return attribute
    }

    private static func info(_ name: String, _ axes: [Axis]) -> Onnx_ValueInfoProto {
        var info = Onnx_ValueInfoProto()
        info.name = name
        info.type.tensorType.elemType = Int32(Onnx_TensorProto.DataType.float.rawValue)
        info.type.tensorType.shape.dim = axes.map { axis in
            var dimension = Onnx_TensorShapeProto.Dimension()
            switch axis {
            case .fixed(let size): dimension.dimValue = Int64(size)
            case .open(let name): dimension.dimParam = name
            }
            return dimension
        }
        return info
    }
}
