import Datasets
import Foundation

/// Reads a TFRecord file record by record: length (`uint64`, little-endian), masked CRC-32C of the length, data, masked CRC-32C of the
/// data (tensorflow/core/lib/io/record_reader.h). Both checksums are checked. One buffer is used for all records, so memory does not
/// grow with the file.
public final class TFRecordReader {
    /// The file's name, for messages.
    public let name: String
    /// In bytes.
    public let size: Int
    private let descriptor: Int32
    private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    /// What is in the buffer and not yet used.
    private var unread = 0..<0
    /// Where the unread begins in the file.
    private var offset = 0
    private var number = 0
    private var isOver = false

    /// - Parameter name: How messages call the file; its last path component where not given.
    /// - Throws: `DatasetError` where it cannot be opened or is no file.
    public init(_ url: URL, name: String? = nil) throws {
        self.name = name ?? url.lastPathComponent
        var status = stat()
        // Without waiting, which opening a pipe could.
        descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            if descriptor >= 0 { close(descriptor) }
            size = 0
            buffer.deallocate()
            buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
            throw DatasetError(.missing, "\(self.name) cannot be opened")
        }
        size = Int(status.st_size)
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit {
        if descriptor >= 0, buffer.baseAddress != nil { close(descriptor) }
        buffer.deallocate()
    }

    /// Hands the next record to `body`.
    ///
    /// Where this throws because the data of a record is damaged, the next call goes on with the record behind it; where the length is,
    /// nobody knows where that one is, and the next call says that the file is over.
    /// - Returns: False at the end of the file.
    /// - Throws: `DatasetError` with file, record and byte; what `body` throws.
    public func read(_ body: (TFRecord) throws -> Void) throws -> Bool {
        guard !isOver, offset < size else { return false }
        number += 1
        let start = offset
        guard try fill(TFRecord.headerSize) else { throw last("the file ends inside its length", at: start) }
        let header = UnsafeRawBufferPointer(rebasing: buffer[unread.prefix(TFRecord.headerSize)])
        guard CRC32C.masked(UnsafeRawBufferPointer(rebasing: header[..<8])) == Self.integer(header, at: 8, as: UInt32.self) else {
            throw last(start == 0 ? Self.first(header) : "the checksum of its length is wrong", at: start)
        }
        let length = Self.integer(header, at: 0, as: UInt64.self)
        let left = size - start - TFRecord.headerSize - TFRecord.footerSize
        guard left >= 0, length <= UInt64(left) else { throw last("the file ends inside its data", at: start) }
        guard length <= UInt64(TFRecord.maximumSize) else { throw last("it is longer than 2 GB", at: start) }
        let count = Int(length)
        let whole = TFRecord.headerSize + count + TFRecord.footerSize
        guard try fill(whole) else { throw last("the file ends inside its data", at: start) }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[unread.prefix(whole)])
        let data = UnsafeRawBufferPointer(rebasing: bytes[TFRecord.headerSize..<whole - TFRecord.footerSize])
        unread.removeFirst(whole)
        offset += whole
        guard CRC32C.masked(data) == Self.integer(bytes, at: whole - TFRecord.footerSize, as: UInt32.self) else {
            throw fault("the checksum of its data is wrong", at: start)
        }
        try body(TFRecord(number: number, offset: start + TFRecord.headerSize, bytes: data))
        return true
    }

    /// Whether this is the beginning of a TFRecord file: the checksum of the first length is right.
    package static func isBeginning(_ bytes: Data) -> Bool {
        bytes.prefix(TFRecord.headerSize).withUnsafeBytes { header in
            header.count == TFRecord.headerSize
                && CRC32C.masked(UnsafeRawBufferPointer(rebasing: header[..<8])) == integer(header, at: 8, as: UInt32.self)
        }
    }

    /// What is said of a file whose very first length is wrong.
    private static func first(_ header: UnsafeRawBufferPointer) -> String {
        switch (header[0], header[1]) {
        case (0x1f, 0x8b): "the file is compressed by gzip; unpack it first"
        case (0x78, 0x01), (0x78, 0x5e), (0x78, 0x9c), (0x78, 0xda): "the file is compressed by zlib; unpack it first"
        default: "the checksum of its length is wrong; the file is no TFRecord or is damaged"
        }
    }

    private static func integer<Value: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, at offset: Int, as type: Value.Type) -> Value {
        Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }

    private func fault(_ reason: String, at start: Int) -> DatasetError {
        DatasetError(.malformed, "\(name), record \(number) at byte \(start): \(reason)")
    }

    private func last(_ reason: String, at start: Int) -> DatasetError {
        isOver = true
        return fault(reason, at: start)
    }

    /// Has at least `count` unread bytes in the buffer.
    /// - Returns: False where the file ends before.
    private func fill(_ count: Int) throws -> Bool {
        if unread.count >= count { return true }
        if unread.lowerBound + count > buffer.count {
            var target = buffer
            if count > buffer.count {
                target = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, min(2 * buffer.count, 1 << 26)), alignment: 16)
            }
            if let to = target.baseAddress, let from = buffer.baseAddress { memmove(to, from + unread.lowerBound, unread.count) }
            if target.baseAddress != buffer.baseAddress {
                buffer.deallocate()
                buffer = target
            }
            unread = 0..<unread.count
        }
        while unread.count < count, let base = buffer.baseAddress {
            let got = Foundation.read(descriptor, base + unread.upperBound, buffer.count - unread.upperBound)
            if got == 0 { return false }
            guard got > 0 else {
                if errno == EINTR { continue }
                isOver = true
                throw DatasetError(.missing, "\(name), record \(number): the file cannot be read on")
            }
            unread = unread.lowerBound..<unread.upperBound + got
        }
        return true
    }
}
