import CTorch

extension Tensor {
    var isDouble: Bool { ct_scalar_type(handle) == CT_FLOAT64 }
    package var isBFloat16: Bool { ct_scalar_type(handle) == CT_BFLOAT16 }

    /// All numbers of some tensors, row-major and one after the other, in the CPU's memory: of 64 bits where a tensor has them, else of
    /// 32. A copy, even of one tensor.
    static func flattened(_ tensors: [Tensor]) throws -> Tensor {
        let type = tensors.contains(where: \.isDouble) ? CT_FLOAT64 : CT_FLOAT32
        let rows = try tensors.map { try $0.moved(to: .cpu).converted(to: type).reshaped([$0.count]) }
        return try concatenated(rows, axis: 0)
    }

    /// Gives every tensor its numbers back, in its own precision and layout and on its own device.
    func unflatten(into tensors: [Tensor]) throws {
        var start = 0
        for tensor in tensors {
            let end = start + tensor.count
            try tensor.copyNumbers(from: sliced(axis: 0, from: start, to: end).reshaped(tensor.shape))
            start = end
        }
    }

    /// The numbers in place.
    /// - Throws: `TensorError` where they do not lie row-major in the CPU's memory.
    func withBytes<Result>(_ body: (UnsafeMutableRawPointer) throws -> Result) throws -> Result {
        guard let bytes = ct_data(handle) else { throw TensorError(.engine, "the tensor does not lie row-major in the CPU's memory") }
        return try withExtendedLifetime(self) { try body(bytes) }
    }
}
