import CTorch

/// One operator of ATen, found by its schema name once and called many times.
///
/// Autograd and autocast apply as usual. Trailing arguments left out take the schema's defaults.
///
/// Unchecked Sendable: the handle points into LibTorch's operator table, which lives as long as the process and is never written again.
struct Operator: @unchecked Sendable {
    private let handle: CTOperator?
    private let name: String

    init(_ name: String, overload: String = "") {
        self.name = overload.isEmpty ? name : "\(name).\(overload)"
        handle = ct_operator("aten::\(name)", overload)
    }

    func callAsFunction(_ arguments: Argument...) throws -> Tensor {
        let results = try call(arguments)
        guard let first = results.first else { throw TensorError(.engine, "\(name) gave no result") }
        return first
    }

    /// Every tensor the operator returns; none for one that only changes its arguments.
    @discardableResult
    func call(_ arguments: [Argument]) throws -> [Tensor] {
        guard let handle else { throw TensorError(.engine, "this LibTorch has no operator \(name)") }
        let storage = ArgumentStorage(arguments)
        var results = [CTTensor?](repeating: nil, count: storage.resultCapacity)
        var count: Int32 = 0
        guard ct_call(handle, storage.values, Int32(arguments.count), &results, Int32(results.count), &count) else {
            throw TensorError(.engine, "\(name): \(lastEngineError())")
        }
        return try results.prefix(Int(count)).map(Tensor.init(owning:))
    }
}

/// What an operator's schema can take.
enum Argument {
    case none
    case tensor(Tensor)
    case integer(Int)
    case real(Double)
    case boolean(Bool)
    case integers([Int])
    case tensors([Tensor])
}

/// Keeps the arrays that the C arguments point to alive for one call.
private final class ArgumentStorage {
    private(set) var values: [CTArgument] = []
    let resultCapacity: Int
    private var buffers: [UnsafeMutableRawBufferPointer] = []
    private let arguments: [Argument]

    init(_ arguments: [Argument]) {
        self.arguments = arguments
        var longest = 8
        for argument in arguments {
            if case .tensors(let tensors) = argument { longest = max(longest, tensors.count + 8) }
        }
        resultCapacity = longest
        values = arguments.map(value)
    }

    deinit { buffers.forEach { $0.deallocate() } }

    private func value(_ argument: Argument) -> CTArgument {
        var value = CTArgument()
        switch argument {
        case .none: value.kind = CT_NONE
        case .tensor(let tensor):
            value.kind = CT_TENSOR
            value.tensor = tensor.handle
        case .integer(let number):
            value.kind = CT_INTEGER
            value.integer = Int64(number)
        case .real(let number):
            value.kind = CT_REAL
            value.real = number
        case .boolean(let flag):
            value.kind = CT_BOOLEAN
            value.integer = flag ? 1 : 0
        case .integers(let numbers):
            value.kind = CT_INTEGERS
            value.count = Int64(numbers.count)
            value.items = kept(numbers.map(Int64.init))
        case .tensors(let tensors):
            value.kind = CT_TENSORS
            value.count = Int64(tensors.count)
            value.items = kept(tensors.map(\.handle))
        }
        return value
    }

    private func kept<Element>(_ items: [Element]) -> UnsafeRawPointer? {
        guard !items.isEmpty else { return nil }
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: items.count * MemoryLayout<Element>.stride, alignment: MemoryLayout<Element>.alignment)
        items.withUnsafeBytes { buffer.copyMemory(from: $0) }
        buffers.append(buffer)
        return UnsafeRawPointer(buffer.baseAddress)
    }
}

func lastEngineError() -> String {
    let text = String(cString: ct_last_error())
    return text.split(separator: "\n").first.map(String.init) ?? "unknown reason"
}
