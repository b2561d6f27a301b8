import CTorch

/// A multi-dimensional array of LibTorch, with autograd.
///
/// A reference: two `Tensor`s may share numbers (views, `detached()`), and in-place operators change all of them. Not `Sendable`:
/// one thread at a time, as LibTorch asks of tensors that are written.
public final class Tensor {
    let handle: CTTensor

    init(owning handle: CTTensor?) throws {
        guard let handle else { throw TensorError(.engine, lastEngineError()) }
        self.handle = handle
    }

    deinit { ct_release(handle) }

    /// A tensor of 32-bit floats, row-major.
    /// - Throws: `TensorError` where the count is not the shape's product.
    public convenience init(_ values: [Float], shape: [Int]) throws {
        guard values.count == shape.reduce(1, *) else {
            throw TensorError(.shape, "\(values.count) numbers cannot fill \(shape)")
        }
        try self.init(
            owning: values.withUnsafeBytes { ct_from_bytes($0.baseAddress, CT_FLOAT32, shape.map(Int64.init), Int32(shape.count)) })
    }

    /// A tensor of 64-bit integers, for indices.
    public convenience init(indices values: [Int], shape: [Int]) throws {
        guard values.count == shape.reduce(1, *) else {
            throw TensorError(.shape, "\(values.count) indices cannot fill \(shape)")
        }
        let wide = values.map(Int64.init)
        try self.init(owning: wide.withUnsafeBytes { ct_from_bytes($0.baseAddress, CT_INT64, shape.map(Int64.init), Int32(shape.count)) })
    }

    public static func zeros(_ shape: [Int]) throws -> Tensor {
        try Tensor([Float](repeating: 0, count: shape.reduce(1, *)), shape: shape)
    }

    public var shape: [Int] { (0..<ct_rank(handle)).map { Int(ct_size(handle, $0)) } }
    public var count: Int { shape.reduce(1, *) }

    /// The numbers as 32-bit floats, row-major, from any device.
    public func floats() throws -> [Float] {
        var values = [Float](repeating: 0, count: count)
        let copied = values.withUnsafeMutableBytes { ct_copy_to_bytes(handle, CT_FLOAT32, $0.baseAddress, Int64($0.count)) }
        guard copied else { throw TensorError(.engine, lastEngineError()) }
        return values
    }

    /// The only number of a tensor with one.
    public func item() throws -> Double {
        let values = try floats()
        guard values.count == 1 else { throw TensorError(.shape, "\(shape) is not a single number") }
        return Double(values[0])
    }

    /// The same numbers on another device, "cpu" or "cuda"; itself where it is there already.
    public func moved(to device: Device) throws -> Tensor { try Tensor(owning: ct_to_device(handle, device.name)) }

    /// Laid out with channels innermost, [N, C, H, W] in shape as before; what the CPU's convolutions like best.
    public func channelsLast() throws -> Tensor { try Tensor(owning: ct_to_channels_last(handle)) }

    // MARK: Gradients

    /// Whether operators on this tensor are recorded for `backward()`.
    public var requiresGradient: Bool { ct_requires_gradient(handle) }

    public func setRequiresGradient(_ on: Bool) throws {
        guard ct_set_requires_gradient(handle, on) else { throw TensorError(.engine, lastEngineError()) }
    }

    /// Adds d self / d leaf to the gradient of every leaf that asks for one. `self` is a single number.
    public func backward() throws {
        guard ct_backward(handle) else { throw TensorError(.engine, lastEngineError()) }
    }

    /// The gradient gathered so far, of the tensor's own shape; `nil` where there is none.
    public var gradient: Tensor? { try? Tensor(owning: ct_gradient(handle)) }

    public func clearGradient() { ct_clear_gradient(handle) }
}

/// Where tensors live.
public struct Device: Hashable, Sendable {
    public let name: String
    public static let cpu = Device(name: "cpu")
    public static let cuda = Device(name: "cuda")
}
