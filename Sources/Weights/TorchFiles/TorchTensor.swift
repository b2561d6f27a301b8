import Foundation
import ModelGraph

/// A tensor as a pickle describes it: a view of a storage.
struct TorchTensor {
    /// `nil` where the tensor is of a kind that is not read, such as a quantised or sparse one.
    let view: View?

    struct View {
        let storage: TorchStorageReference
        let offset: Int
        let shape: [Int]
        let strides: [Int]
    }

    /// `nil` where the value is no tensor.
    init?(_ value: PickleValue) {
        guard case .call(let call) = value, case .name("torch._utils", let function) = call.function else { return nil }
        switch function {
        case "_rebuild_parameter", "_rebuild_parameter_with_state":
            // A parameter of a parameter is none.
            guard case .call(let data)? = call.arguments.first, case .name("torch._utils", let inner) = data.function,
                !inner.hasPrefix("_rebuild_parameter"), let tensor = TorchTensor(.call(data))
            else { return nil }
            view = tensor.view
        case "_rebuild_tensor", "_rebuild_tensor_v2":
            guard call.arguments.count >= 4, let storage = TorchStorageReference(call.arguments[0]),
                let offset = call.arguments[1].integer, let shape = call.arguments[2].integers,
                let strides = call.arguments[3].integers, shape.count == strides.count
            else { return nil }
            view = View(storage: storage, offset: offset, shape: shape, strides: strides)
        default:
            guard function.hasPrefix("_rebuild_"), function.contains("tensor") else { return nil }
            view = nil
        }
    }
}

extension TorchTensor.View {
    /// - Returns: `nil` where the elements are of no kind that becomes a float.
    /// - Throws: `ModelGraphError` where the view leaves its storage.
    func array(_ storages: any TorchStorages) throws -> NumericArray? {
        guard let element = storage.element, element.isReal else { return nil }
        var count = 1
        var last = offset
        for (size, stride) in zip(shape, strides) {
            let (product, overflows) = count.multipliedReportingOverflow(by: size)
            guard size >= 0, stride >= 0, !overflows else { throw outside }
            count = product
            let (reach, overflow) = max(0, size - 1).multipliedReportingOverflow(by: stride)
            let (sum, overflowed) = last.addingReportingOverflow(reach)
            guard !overflow, !overflowed else { throw outside }
            last = sum
        }
        guard count > 0 else { return NumericArray(shape: shape, values: []) }
        let bytes = try storages.bytes(of: storage)
        guard offset >= 0, last < bytes.count / element.size, count <= bytes.count / element.size else { throw outside }
        if element == .float, isContiguous {
            let start = bytes.startIndex + offset * element.size
            return NumericArray(shape: shape, values: FloatBytes.floats(bytes[start..<start + count * element.size]))
        }
        // An axis of one element is never walked, and its stride may be any number.
        let strides = zip(shape, strides).map { $0 == 1 ? 0 : $1 }
        let values = bytes.withUnsafeBytes { raw -> [Float] in
            var index = [Int](repeating: 0, count: shape.count)
            var place = offset
            return (0..<count).map { _ in
                let value = element.float(raw, at: place)
                // The last axis runs fastest.
                for axis in shape.indices.reversed() {
                    index[axis] += 1
                    place += strides[axis]
                    guard index[axis] == shape[axis] else { break }
                    place -= shape[axis] * strides[axis]
                    index[axis] = 0
                }
                return value
            }
        }
        return NumericArray(shape: shape, values: values)
    }

    /// Whether the numbers follow each other as in a `NumericArray`; the axes are known to fit the storage.
    private var isContiguous: Bool {
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() {
            guard stride == expected || size == 1 else { return false }
            expected *= size
        }
        return true
    }

    private var outside: ModelGraphError { ModelGraphError(.damaged, "a tensor lies outside its storage") }
}
