import Foundation
import ModelGraph

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
        case short = "ShortStorage"
        case signedByte = "CharStorage"
        case byte = "ByteStorage"
        case boolean = "BoolStorage"
        // Only their sizes are needed, to find the storage behind them.
        case complexFloat = "ComplexFloatStorage"
        case complexDouble = "ComplexDoubleStorage"
        case quantisedByte = "QUInt8Storage"
        case quantisedSignedByte = "QInt8Storage"
        case quantisedInteger = "QInt32Storage"

        /// Bytes.
        var size: Int {
            switch self {
            case .signedByte, .byte, .boolean, .quantisedByte, .quantisedSignedByte: 1
            case .half, .brain, .short: 2
            case .float, .integer, .quantisedInteger: 4
            case .double, .long, .complexFloat: 8
            case .complexDouble: 16
            }
        }

        /// Whether an element is one number.
        var isReal: Bool {
            switch self {
            case .complexFloat, .complexDouble, .quantisedByte, .quantisedSignedByte, .quantisedInteger: false
            default: true
            }
        }

        /// Whether an element is a whole number or a truth value.
        var isWhole: Bool {
            switch self {
            case .long, .integer, .short, .signedByte, .byte, .boolean: true
            default: false
            }
        }

        /// Zero where an element is no number.
        func float(_ raw: UnsafeRawBufferPointer, at index: Int) -> Float {
            func load<Value: FixedWidthInteger>(_: Value.Type) -> Value {
                Value(littleEndian: raw.loadUnaligned(fromByteOffset: index * size, as: Value.self))
            }
            return switch self {
            case .float: Float(bitPattern: load(UInt32.self))
            case .half: FloatBytes.float(half: load(UInt16.self))
            case .brain: FloatBytes.float(brain: load(UInt16.self))
            case .double: Float(Double(bitPattern: load(UInt64.self)))
            case .long: Float(load(Int64.self))
            case .integer: Float(load(Int32.self))
            case .short: Float(load(Int16.self))
            case .signedByte: Float(load(Int8.self))
            case .byte, .boolean: Float(load(UInt8.self))
            case .complexFloat, .complexDouble, .quantisedByte, .quantisedSignedByte, .quantisedInteger: 0
            }
        }
    }

    /// `nil` for kinds that are not known.
    let element: Element?
    let key: String
    /// Elements.
    let count: Int

    /// `("storage", its class, key, device, count)`, outside the pickle.
    init?(_ value: PickleValue) {
        guard case .outside(let outside) = value, let parts = outside.tuple, parts.count >= 5, parts[0].text == "storage",
            case .name("torch", let kind) = parts[1], let key = parts[2].text, let count = parts[4].integer, count >= 0
        else { return nil }
        element = Element(rawValue: kind)
        self.key = key
        self.count = count
    }
}
