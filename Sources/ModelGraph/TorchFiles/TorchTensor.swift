import Foundation

/// A tensor as a pickle describes it: a view of a storage.
struct TorchTensor {
    let storage: TorchStorageReference
    let offset: Int
    let shape: [Int]
    let strides: [Int]

    /// `nil` where the value is no tensor.
    init?(_ value: PickleValue) {
        guard case .call(.name("torch._utils", var function), var arguments) = value else { return nil }
        if function == "_rebuild_parameter", case .call(.name("torch._utils", let inner), let innerArguments)? = arguments.first {
            (function, arguments) = (inner, innerArguments)
        }
        guard function == "_rebuild_tensor_v2" || function == "_rebuild_tensor", arguments.count >= 4,
            let storage = TorchStorageReference(arguments[0]), let offset = arguments[1].integer, let shape = arguments[2].integers,
            let strides = arguments[3].integers, shape.count == strides.count
        else { return nil }
        self.storage = storage
        self.offset = offset
        self.shape = shape
        self.strides = strides
    }

    /// - Returns: `nil` where the elements are of no kind that becomes a float.
    /// - Throws: `ModelGraphError` where the view leaves its storage.
    func array(_ storages: any TorchStorages) throws -> NumericArray? {
        guard let element = storage.element else { return nil }
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

    private var outside: ModelGraphError { ModelGraphError(.damaged, "a tensor lies outside its storage") }
}

/// Which storage a tensor views.
struct TorchStorageReference {
    /// How numbers lie in a storage.
    enum Element: String {
        case float = "FloatStorage"
        case half = "HalfStorage"
        case brain = "BFloat16Storage"
        case double = "DoubleStorage"
        case long = "LongStorage"
        case integer = "IntStorage"

        /// Bytes.
        var size: Int {
            switch self {
            case .half, .brain: 2
            case .float, .integer: 4
            case .double, .long: 8
            }
        }

        func float(_ raw: UnsafeRawBufferPointer, at index: Int) -> Float {
            let place = index * size
            return switch self {
            case .float: Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
            case .half: FloatBytes.float(half: UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt16.self)))
            case .brain:
                Float(bitPattern: UInt32(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt16.self))) << 16)
            case .double: Float(Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))))
            case .long: Float(Int64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: Int64.self)))
            case .integer: Float(Int32(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: Int32.self)))
            }
        }
    }

    /// `nil` for kinds that no network of ours has.
    let element: Element?
    let key: String
    /// Elements.
    let count: Int

    /// `("storage", its class, key, device, count)`, outside the pickle.
    init?(_ value: PickleValue) {
        guard case .outside(.tuple(let parts)) = value, parts.count >= 5, parts[0].text == "storage",
            case .name("torch", let kind) = parts[1], let key = parts[2].text, let count = parts[4].integer, count >= 0
        else { return nil }
        element = Element(rawValue: kind)
        self.key = key
        self.count = count
    }
}
