import Foundation
import SwiftProtobuf

/// The features of one record, asked for by name and kind; collects what is wrong with them.
package struct ExampleFeatures {
    private let features: [String: Pleura_TensorFlow_Feature]
    package private(set) var problems: [String] = []

    /// - Throws: What Protocol Buffers throw where the record is no example.
    package init(_ record: UnsafeRawBufferPointer) throws {
        // Protocol Buffers take their bytes from a value only: this one stands for the buffer and is gone before it.
        let bytes =
            record.baseAddress.map {
                Data(bytesNoCopy: UnsafeMutableRawPointer(mutating: $0), count: record.count, deallocator: .none)
            } ?? Data()
        features = try Pleura_TensorFlow_Example(serializedBytes: bytes).features.feature
    }

    package var keys: Dictionary<String, Pleura_TensorFlow_Feature>.Keys { features.keys }

    /// `nil` where the feature is not there or has no kind.
    package mutating func bytes(_ key: String) -> [Data]? {
        switch features[key]?.kind {
        case .bytesList(let list): return list.value
        case nil: return nil
        default: return wrongKind(key, "bytes")
        }
    }

    package mutating func floats(_ key: String) -> [Float]? {
        switch features[key]?.kind {
        case .floatList(let list): return list.value
        case nil: return nil
        default: return wrongKind(key, "floats")
        }
    }

    package mutating func integers(_ key: String) -> [Int64]? {
        switch features[key]?.kind {
        case .int64List(let list): return list.value
        case nil: return nil
        default: return wrongKind(key, "integers")
        }
    }

    package mutating func texts(_ key: String) -> [String]? {
        guard let values = bytes(key) else { return nil }
        let texts = values.compactMap { String(data: $0, encoding: .utf8) }
        guard texts.count == values.count else {
            problems.append("\(key) is not UTF-8 text")
            return nil
        }
        return texts
    }

    /// The one value of a feature; `nil` where it is not there or empty.
    package mutating func text(_ key: String) -> String? { single(key, texts(key)).flatMap { $0.isEmpty ? nil : $0 } }
    package mutating func integer(_ key: String) -> Int64? { single(key, integers(key)) }
    package mutating func single(_ key: String) -> Data? { single(key, bytes(key)) }

    private mutating func single<Value>(_ key: String, _ values: [Value]?) -> Value? {
        guard let values, let first = values.first else { return nil }
        guard values.count == 1 else {
            problems.append("\(key) has more than one value")
            return nil
        }
        return first
    }

    private mutating func wrongKind<Value>(_ key: String, _ expected: String) -> Value? {
        let found =
            switch features[key]?.kind {
            case .bytesList: "bytes"
            case .floatList: "floats"
            case .int64List: "integers"
            case nil: "nothing"
            }
        problems.append("\(key) has \(found), expected \(expected)")
        return nil
    }
}
