import ModelGraph
import Tensors

extension ParameterOwner {
    /// Every parameter's numbers by name, to be written to a file.
    public func arrays() throws -> [String: NumericArray] {
        try parameters.reduce(into: [:]) { $0[$1.name] = NumericArray(shape: $1.tensor.shape, values: try $1.tensor.floats()) }
    }

    /// Takes every parameter from `arrays`.
    /// - Throws: `ModelGraphError` naming the first parameter that is missing or has another shape; then nothing has changed.
    public func load(_ arrays: [String: NumericArray]) throws {
        for parameter in parameters {
            guard let array = arrays[parameter.name] else { throw ModelGraphError(.missing, "the file has no \(parameter.name)") }
            guard array.shape == parameter.tensor.shape else {
                throw ModelGraphError(.damaged, "\(parameter.name): the file has \(array.shape), the network \(parameter.tensor.shape)")
            }
        }
        for parameter in parameters {
            guard let array = arrays[parameter.name] else { continue }
            parameter.tensor = try Tensor(array.values, shape: array.shape)
        }
    }

    /// Moves every parameter to a device.
    public func move(to device: Device) throws {
        for parameter in parameters { parameter.tensor = try parameter.tensor.moved(to: device) }
    }

    /// Moves every parameter to a device, lays it out, and asks gradients of those that are learnt.
    public func prepareForTraining(on device: Device, memoryFormat: MemoryFormat = .channelsFirst) throws {
        try parameters.prepareForTraining(on: device, memoryFormat: memoryFormat)
    }
}

extension Sequence<Parameter> {
    /// Moves every parameter to a device, lays it out, and asks gradients of those that are learnt.
    public func prepareForTraining(on device: Device, memoryFormat: MemoryFormat = .channelsFirst) throws {
        for parameter in self {
            parameter.tensor = try Engine.withoutGradients { try parameter.tensor.moved(to: device).laidOut(memoryFormat) }
            try parameter.tensor.setRequiresGradient(parameter.isLearnt)
        }
    }
}
