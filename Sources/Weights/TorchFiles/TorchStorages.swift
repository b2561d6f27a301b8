import Foundation
import ModelGraph

/// Where the numbers of a file are.
protocol TorchStorages {
    /// - Throws: `ModelGraphError` where the storage is not there or too short.
    func bytes(of storage: TorchStorageReference) throws -> Data
}

/// Each in a file of the archive.
struct ZipStorages: TorchStorages {
    let archive: ZipArchive
    let prefix: String

    func bytes(of storage: TorchStorageReference) throws -> Data { try archive.content("\(prefix)data/\(storage.key)") }
}

/// One after another behind the pickles, in the order of a list of keys: a count of 64 bits and the numbers.
struct LegacyStorages: TorchStorages {
    /// The lowest 64 bits of the number 0x1950a86a20f9469cfc6c that such a file begins with.
    static let magic = Int(bitPattern: 0xA86A_20F9_469C_FC6C)

    private let bytes: Data
    private var places: [String: Range<Int>] = [:]

    /// - Parameters:
    ///   - references: What the pickles name outside themselves.
    ///   - start: The first byte behind the pickles.
    init(_ bytes: Data, keys: PickleValue, references: [PickleValue], start: Int) throws {
        self.bytes = bytes
        guard case .list(let list) = keys else { throw ModelGraphError(.damaged, "the file has no list of its storages") }
        var elements: [String: TorchStorageReference.Element] = [:]
        for reference in references.compactMap({ TorchStorageReference($0) }) { elements[reference.key] = reference.element }
        var position = start
        for key in list.values.compactMap(\.text) {
            guard bytes.count - position >= 8 else { throw ModelGraphError(.damaged, "the file ends before its storages do") }
            let count = bytes.withUnsafeBytes { Int(Int64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Int64.self))) }
            position += 8
            guard let element = elements[key] else {
                // Without its kind nothing tells how long it is.
                throw ModelGraphError(.damaged, "a storage of a kind that is not known")
            }
            guard count >= 0, count <= (bytes.count - position) / element.size else {
                throw ModelGraphError(.damaged, "the file ends inside a storage")
            }
            places[key] = position..<position + count * element.size
            position += count * element.size
        }
    }

    func bytes(of storage: TorchStorageReference) throws -> Data {
        guard let place = places[storage.key] else { throw ModelGraphError(.damaged, "a tensor's storage is not in the file") }
        return bytes[bytes.startIndex + place.lowerBound..<bytes.startIndex + place.upperBound]
    }
}
