import Foundation

/// One record of a TFRecord file.
public struct TFRecord {
    /// From 1.
    public let number: Int
    /// Where its data begins in the file, in bytes.
    public let offset: Int
    /// Its data; only there for as long as the call that hands it over.
    public let bytes: UnsafeRawBufferPointer

    /// What stands before and after the data: its length (8 bytes, little-endian), the checksum of the length, and that of the data.
    package static let headerSize = 12
    package static let footerSize = 4
    /// What a message of Protocol Buffers can have, and therefore all that a record of examples can: keeps memory bounded.
    package static let maximumSize = Int(Int32.max)

    /// Hands over, piece by piece, what a record of these bytes is in a file.
    package static func frame(_ bytes: UnsafeRawBufferPointer, _ put: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        func checksum(_ bytes: UnsafeRawBufferPointer) throws {
            var value = CRC32C.masked(bytes).littleEndian
            try withUnsafeBytes(of: &value) { try put($0) }
        }
        var length = UInt64(bytes.count).littleEndian
        try withUnsafeBytes(of: &length) { raw in
            try put(raw)
            try checksum(raw)
        }
        try put(bytes)
        try checksum(bytes)
    }

    /// What a record of these bytes is in a file.
    package static func framed(_ record: some ContiguousBytes) -> Data {
        var framed = Data()
        record.withUnsafeBytes { bytes in
            framed.reserveCapacity(headerSize + bytes.count + footerSize)
            frame(bytes) { framed.append(contentsOf: $0) }
        }
        return framed
    }
}
