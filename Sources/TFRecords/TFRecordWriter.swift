import Basics
import Datasets
import Foundation

/// Writes a TFRecord file record by record, with one buffer for all. The file lies aside until `finish()` gives it its name; one that is
/// never finished leaves nothing behind.
public final class TFRecordWriter {
    private let file: AtomicFile
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    private var used = 0
    /// Bytes written so far.
    public private(set) var size = 0

    /// - Throws: `DatasetError` of code `cannotWrite`.
    public init(_ url: URL) throws {
        file = try AtomicFile(url, makesFolder: false) { DatasetError($0) }
    }

    deinit { buffer.deallocate() }

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
        try file.finish(synchronises: false)
    }

    private func append(_ bytes: UnsafeRawBufferPointer) throws {
        size += bytes.count
        if bytes.count > buffer.count - used { try flush() }
        // What is as large as the buffer does not go through it.
        guard bytes.count < buffer.count else { return try file.write(bytes) }
        UnsafeMutableRawBufferPointer(rebasing: buffer[used..<used + bytes.count]).copyMemory(from: bytes)
        used += bytes.count
    }

    private func flush() throws {
        try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<used]))
        used = 0
    }
}
