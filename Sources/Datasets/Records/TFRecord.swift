/// One record of a TFRecord file.
public struct TFRecord {
    /// From 1.
    public let number: Int
    /// Where its data begins in the file, in bytes.
    public let offset: Int
    /// Its data; only there for as long as the call that hands it over.
    public let bytes: UnsafeRawBufferPointer

    /// What stands before and after the data: its length (8 bytes, little-endian), the checksum of the length, and that of the data.
    static let headerSize = 12
    static let footerSize = 4
    /// What a message of Protocol Buffers can have, and therefore all that a record of examples can: keeps memory bounded.
    static let maximumSize = Int(Int32.max)
}
