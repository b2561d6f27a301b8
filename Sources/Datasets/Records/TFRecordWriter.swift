import Foundation

/// Writes a TFRecord file record by record, with one buffer for all. The file lies aside until `finish()` gives it its name; one that is
/// never finished leaves nothing behind.
public final class TFRecordWriter {
    private let target: URL
    private let aside: URL
    private let descriptor: Int32
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    private var used = 0
    private var isOpen: Bool
    /// Bytes written so far.
    public private(set) var size = 0

    /// - Throws: `DatasetError` of code `cannotWrite`.
    public init(_ url: URL) throws {
        target = url
        aside = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).\(UUID().uuidString)")
        descriptor = open(aside.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        isOpen = descriptor >= 0
        guard isOpen else { throw DatasetError(.cannotWrite, "\(url.lastPathComponent) cannot be written") }
    }

    deinit {
        if isOpen {
            close(descriptor)
            unlink(aside.path)
        }
        buffer.deallocate()
    }

    /// - Returns: Where the record's data begins in the file, in bytes.
    /// - Throws: `DatasetError` of code `cannotWrite`.
    @discardableResult
    public func write(_ record: some ContiguousBytes) throws -> Int {
        try record.withUnsafeBytes { bytes in
            let start = size
            try TFRecord.frame(bytes) { try append($0) }
            return start + TFRecord.headerSize
        }
    }

    /// Call it last: the file gets its name, in the place of one that had it.
    /// - Throws: `DatasetError` of code `cannotWrite`.
    public func finish() throws {
        try flush()
        isOpen = false
        guard close(descriptor) == 0, rename(aside.path, target.path) == 0 else {
            unlink(aside.path)
            throw DatasetError(.cannotWrite, "\(target.lastPathComponent) cannot be written")
        }
    }

    private func append(_ bytes: UnsafeRawBufferPointer) throws {
        size += bytes.count
        if bytes.count > buffer.count - used { try flush() }
        // What is as large as the buffer does not go through it.
        guard bytes.count < buffer.count else { return try put(bytes) }
        UnsafeMutableRawBufferPointer(rebasing: buffer[used..<used + bytes.count]).copyMemory(from: bytes)
        used += bytes.count
    }

    private func flush() throws {
        try put(UnsafeRawBufferPointer(rebasing: buffer[..<used]))
        used = 0
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws {
        var offset = 0
        while offset < bytes.count, let base = bytes.baseAddress {
            let written = isOpen ? Foundation.write(descriptor, base + offset, bytes.count - offset) : -1
            if written > 0 {
                offset += written
            } else if !isOpen || errno != EINTR {
                throw DatasetError(.cannotWrite, "\(target.lastPathComponent): the disk takes no more")
            }
        }
    }
}
