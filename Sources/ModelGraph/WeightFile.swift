import Foundation

/// Named arrays in the safetensors format (8 bytes of header length, a JSON header, the numbers): weights and checkpoints.
public struct WeightFile: Sendable {
    public var arrays: [String: NumericArray]
    /// Free text by name; safetensors' `__metadata__`.
    public var metadata: [String: String]

    public init(arrays: [String: NumericArray], metadata: [String: String] = [:]) {
        self.arrays = arrays
        self.metadata = metadata
    }

    /// - Throws: `ModelGraphError`: unreadable, damaged, or numbers that are not 32-bit floats.
    public init(contentsOf url: URL) throws {
        guard let bytes = try? Data(contentsOf: url) else {
            throw ModelGraphError(.unreadable, "\(url.lastPathComponent) cannot be opened")
        }
        let name = url.lastPathComponent
        guard bytes.count >= 8 else { throw ModelGraphError(.damaged, "\(name) is cut off") }
        let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= UInt64(bytes.count - 8) else { throw ModelGraphError(.damaged, "\(name) is cut off") }
        let start = 8 + Int(length)
        guard let header = try? JSONSerialization.jsonObject(with: bytes[8..<start]) as? [String: Any] else {
            throw ModelGraphError(.damaged, "\(name) has no readable header")
        }
        arrays = [:]
        metadata = header["__metadata__"] as? [String: String] ?? [:]
        for (key, value) in header where key != "__metadata__" {
            guard let object = value as? [String: Any], let type = object["dtype"] as? String, let shape = object["shape"] as? [Int],
                let offsets = object["data_offsets"] as? [Int], offsets.count == 2
            else { throw ModelGraphError(.damaged, "\(name): entry \(key) is malformed") }
            guard type == "F32" else { throw ModelGraphError(.unsupported, "\(name): \(key) is \(type), not F32") }
            guard let count = NumericArray.count(of: shape), 0 <= offsets[0], offsets[0] <= offsets[1],
                offsets[1] <= bytes.count - start,
                count * 4 == offsets[1] - offsets[0]
            else { throw ModelGraphError(.damaged, "\(name): \(key) does not fit the file") }
            arrays[key] = NumericArray(shape: shape, values: FloatBytes.floats(bytes[(start + offsets[0])..<(start + offsets[1])]))
        }
    }

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
