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

    /// A tensor of 64-bit floats, for numbers that must not be rounded.
    public convenience init(doubles values: [Double], shape: [Int]) throws {
        guard values.count == shape.reduce(1, *) else {
            throw TensorError(.shape, "\(values.count) numbers cannot fill \(shape)")
        }
        try self.init(
            owning: values.withUnsafeBytes { ct_from_bytes($0.baseAddress, CT_FLOAT64, shape.map(Int64.init), Int32(shape.count)) })
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

    /// The numbers as 64-bit floats, row-major, from any device.
    public func doubles() throws -> [Double] {
        var values = [Double](repeating: 0, count: count)
        let copied = values.withUnsafeMutableBytes { ct_copy_to_bytes(handle, CT_FLOAT64, $0.baseAddress, Int64($0.count)) }
        guard copied else { throw TensorError(.engine, lastEngineError()) }
        return values
    }

    /// The only number of a tensor with one.
    public func item() throws -> Double {
        let values = try floats()
        guard values.count == 1 else { throw TensorError(.shape, "\(shape) is not a single number") }
        return Double(values[0])
    }

    /// Where it lives.
    public var device: Device {
        var name = [CChar](repeating: 0, count: 64)
        ct_device(handle, &name, Int32(name.count))
        return Device(name: String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    /// The same numbers on another device, "cpu" or "cuda"; itself where it is there already.
    public func moved(to device: Device) throws -> Tensor { try Tensor(owning: ct_to_device(handle, device.name)) }

    /// Laid out with channels innermost, [N, C, H, W] in shape as before, and known to be so by the operators that follow.
    public func channelsLast() throws -> Tensor { try Tensor(owning: ct_to_channels_last(handle)) }

    /// Whether operators take it for laid out with channels innermost.
    public var isChannelsLast: Bool { ct_is_channels_last(handle) }

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

    /// Puts a gradient of the tensor's own shape in the place of what was gathered.
    public func setGradient(_ gradient: Tensor) throws {
        guard gradient.shape == shape else { throw TensorError(.shape, "a gradient \(gradient.shape) for a tensor \(shape)") }
        guard ct_set_gradient(handle, gradient.handle) else { throw TensorError(.engine, lastEngineError()) }
    }

    /// Has `backward()` send on, in the place of the gradient of this tensor, what `change` makes of it. The tensor is the result of an
    /// operator and has a history. What `change` throws ends `backward()`.
    public func onGradient(_ change: @escaping (Tensor) throws -> Tensor) throws {
        let hook: CTHook = { context, gradient, reason, capacity in
            guard let context else { return nil }
            let change = Unmanaged<GradientHook>.fromOpaque(context).takeUnretainedValue().change
            do {
                let changed = try change(Tensor(owning: ct_retain(gradient)))
                return withExtendedLifetime(changed) { ct_retain(changed.handle) }
            } catch {
                if let reason, capacity > 0 {
                    let text = Array("\(error)".utf8.prefix(Int(capacity) - 1)) + [0]
                    UnsafeMutableRawPointer(reason).copyMemory(from: text, byteCount: text.count)
                }
                return nil
            }
        }
        let context = Unmanaged.passRetained(GradientHook(change))
        let registered = ct_on_gradient(handle, hook, context.toOpaque()) { context in
            if let context { Unmanaged<GradientHook>.fromOpaque(context).release() }
        }
        guard registered else { throw TensorError(.engine, lastEngineError()) }
    }
}

/// Carries a Swift closure through LibTorch.
private final class GradientHook {
    let change: (Tensor) throws -> Tensor
    init(_ change: @escaping (Tensor) throws -> Tensor) { self.change = change }
}

/// Where tensors live.
public struct Device: Hashable, Sendable {
    public let name: String
    public static let cpu = Device(name: "cpu")
    public static let cuda = Device(name: "cuda")
}
