import Foundation

/// What one of the Python oracles wrote (`make oracles`, which `make test` runs first): files and the values expected of them.
package struct Oracle: Sendable {
    package let folder: URL

    /// - Parameter name: Of its folder in `.oracles`.
    package init(_ name: String) { folder = Repository.root.appendingPathComponent(".oracles").appendingPathComponent(name) }

    package func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

    package func bytes(_ name: String) throws -> Data { try Data(contentsOf: file(name)) }

    /// - Parameters:
    ///   - name: Of a JSON file.
    ///   - keys: How the file's names become those of the type.
    package func read<Value: Decodable>(
        _ type: Value.Type, from name: String = "index.json", keys: JSONDecoder.KeyDecodingStrategy = .useDefaultKeys
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = keys
        return try decoder.decode(type, from: bytes(name))
    }

    /// A file of unsigned numbers of 16 bits, little-endian.
    package func words(_ name: String) throws -> [UInt16] { try numbers(name) }

    /// A file of floating-point numbers of 32 bits, little-endian.
    package func floats(_ name: String) throws -> [Float] { try numbers(name).map(Float.init(bitPattern:)) }

    /// A file of floating-point numbers of 64 bits, little-endian.
    package func doubles(_ name: String) throws -> [Double] { try numbers(name).map(Double.init(bitPattern:)) }

    private func numbers<Number: FixedWidthInteger>(_ name: String) throws -> [Number] {
        let size = MemoryLayout<Number>.size
        return try bytes(name).withUnsafeBytes { bytes in
            (0..<bytes.count / size).map { Number(littleEndian: bytes.loadUnaligned(fromByteOffset: size * $0, as: Number.self)) }
        }
    }
}
