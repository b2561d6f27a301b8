import Foundation
import ModelGraph

/// Named arrays in the safetensors format (8 bytes of header length, a JSON header, the numbers): weights and checkpoints.
public struct WeightFile: Sendable {
    public var arrays: [String: NumericArray]
    /// Free text by name; safetensors' `__metadata__`.
    public var metadata: [String: String]
    /// Those of `arrays` that lay in the file as whole numbers or truth values.
    public private(set) var integers: Set<String> = []

    public init(arrays: [String: NumericArray], metadata: [String: String] = [:]) {
        self.arrays = arrays
        self.metadata = metadata
    }

    /// Reads numbers of any kind that a 32-bit float can hold, as such.
    /// - Throws: `ModelGraphError`: unreadable, damaged, or of a kind that is not read (8-bit floats).
    public init(contentsOf url: URL) throws {
        guard let bytes = try? Data(contentsOf: url, options: .mappedIfSafe) else {
            throw ModelGraphError(.unreadable, "\(url.lastPathComponent) cannot be opened")
        }
        let name = url.lastPathComponent
        guard bytes.count >= 8 else { throw ModelGraphError(.damaged, "\(name) is cut off") }
        let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= UInt64(bytes.count - 8) else {
            throw ModelGraphError(
                .damaged, "\(name): the header has \(length) bytes, and the file \(bytes.count): it is cut off or damaged")
        }
        guard length <= Self.longestHeader else {
            throw ModelGraphError(.damaged, "\(name): a header of \(length) bytes; at most \(Self.longestHeader) are read")
        }
        let start = 8 + Int(length)
        guard let header = try? JSONSerialization.jsonObject(with: bytes[8..<start]) as? [String: Any] else {
            throw ModelGraphError(.damaged, "\(name) has no readable header")
        }
        arrays = [:]
        metadata = header["__metadata__"] as? [String: String] ?? [:]
        // The place of every array; no two share numbers, or a small file could hold any amount of them.
        var entries: [(key: String, element: WeightElement, shape: [Int], range: Range<Int>)] = []
        for (key, value) in header where key != "__metadata__" {
            try TensorName.check(key)
            guard let object = value as? [String: Any], let type = object["dtype"] as? String, let shape = object["shape"] as? [Int],
                let offsets = object["data_offsets"] as? [Int], offsets.count == 2
            else { throw ModelGraphError(.damaged, "\(name): entry \(key) is malformed") }
            guard let element = WeightElement(rawValue: type) else {
                throw ModelGraphError(.unsupported, "\(name): \(key) is of the type \(type.debugDescription), which is not read")
            }
            guard let count = NumericArray.count(of: shape), 0 <= offsets[0], offsets[0] <= offsets[1],
                offsets[1] <= bytes.count - start, count * element.size == offsets[1] - offsets[0]
            else {
                throw ModelGraphError(
                    .damaged,
                    "\(name): \(key) of the shape \(shape) is said to lie at bytes \(offsets[0]) to \(offsets[1]) of \(bytes.count - start): "
                        + "the file is cut off or damaged")
            }
            entries.append((key, element, shape, offsets[0]..<offsets[1]))
        }
        entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        for (former, next) in zip(entries, entries.dropFirst()) where former.range.upperBound > next.range.lowerBound {
            throw ModelGraphError(.damaged, "\(name): \(former.key) and \(next.key) share bytes; each has its own in such a file")
        }
        // A name that stands there twice has been taken once: the other's bytes are then nobody's.
        let used = entries.reduce(0) { $0 + $1.range.count }
        guard used == bytes.count - start else {
            throw ModelGraphError(
                .damaged,
                "\(name): its arrays have \(used) bytes and \(bytes.count - start) are there; a name stands twice, or it is damaged")
        }
        for entry in entries {
            if entry.element.isWhole { integers.insert(entry.key) }
            arrays[entry.key] = NumericArray(
                shape: entry.shape, values: entry.element.floats(bytes[(start + entry.range.lowerBound)..<(start + entry.range.upperBound)])
            )
        }
    }

    /// As the reference implementation has it.
    private static let longestHeader: UInt64 = 100_000_000

    /// Writes a new file beside `url` and renames it, so that a run cut off leaves the old one whole.
    public func write(to url: URL) throws {
        var header: [String: Any] = [:]
        var offset = 0
        let names = arrays.keys.sorted()
        for name in names {
            guard let array = arrays[name] else { continue }
            let end = offset + array.values.count * 4
            header[name] = ["dtype": "F32", "shape": array.shape, "data_offsets": [offset, end]] as [String: Any]
            offset = end
        }
        if !metadata.isEmpty { header["__metadata__"] = metadata }
        let json = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys])
        var bytes = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
        bytes.reserveCapacity(8 + json.count + offset)
        bytes.append(json)
        for name in names { if let array = arrays[name] { bytes.append(FloatBytes.bytes(array.values)) } }
        try bytes.write(to: url, options: .atomic)
    }
}

/// How numbers lie in a safetensors file, by the names of its `dtype`.
private enum WeightElement: String {
    case float = "F32"
    case half = "F16"
    case brain = "BF16"
    case double = "F64"
    case long = "I64"
    case unsignedLong = "U64"
    case integer = "I32"
    case unsignedInteger = "U32"
    case short = "I16"
    case unsignedShort = "U16"
    case signedByte = "I8"
    case byte = "U8"
    case boolean = "BOOL"

    /// Bytes.
    package var size: Int {
        switch self {
        case .signedByte, .byte, .boolean: 1
        case .half, .brain, .short, .unsignedShort: 2
        case .float, .integer, .unsignedInteger: 4
        case .double, .long, .unsignedLong: 8
        }
    }

    /// Whether an element is a whole number or a truth value.
    package var isWhole: Bool {
        switch self {
        case .float, .half, .brain, .double: false
        default: true
        }
    }

    package func floats(_ bytes: Data) -> [Float] {
        if self == .float { return FloatBytes.floats(bytes) }
        return bytes.withUnsafeBytes { raw in
            func map<Value: FixedWidthInteger>(_: Value.Type, _ float: (Value) -> Float) -> [Float] {
                (0..<raw.count / size).map {
                    float(Value(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * size, as: Value.self)))
                }
            }
            return switch self {
            case .float: map(UInt32.self) { Float(bitPattern: $0) }
            case .half: map(UInt16.self) { FloatBytes.float(half: $0) }
            case .brain: map(UInt16.self) { FloatBytes.float(brain: $0) }
            case .double: map(UInt64.self) { Float(Double(bitPattern: $0)) }
            case .long: map(Int64.self) { Float($0) }
            case .unsignedLong: map(UInt64.self) { Float($0) }
            case .integer: map(Int32.self) { Float($0) }
            case .unsignedInteger: map(UInt32.self) { Float($0) }
            case .short: map(Int16.self) { Float($0) }
            case .unsignedShort: map(UInt16.self) { Float($0) }
            case .signedByte: map(Int8.self) { Float($0) }
            case .byte, .boolean: map(UInt8.self) { Float($0) }
            }
        }
    }
}
