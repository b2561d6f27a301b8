import Foundation
import ModelGraph

/// The files of a zip archive (APPNOTE.TXT 6.3.10), stored (as PyTorch stores all of its own) or deflated (as wheels are). Encrypted ones
/// and other methods are refused.
package struct ZipArchive {
    private struct Entry {
        let header: Int
        let packedSize: Int
        let size: Int
        /// Section 4.4.5: 0 stored, 8 deflated.
        let method: Int
        let isEncrypted: Bool
        let checksum: UInt32
    }

    private let bytes: Data
    /// Bytes that one file may have when it is unpacked.
    private let limit: Int
    private var entries: [String: Entry] = [:]

    package var names: [String] { entries.keys.sorted() }

    /// Whether bytes begin as a zip archive that holds a file.
    package static func recognises(_ bytes: Data) -> Bool { bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    /// - Parameter limit: Bytes that one file may have when it is unpacked; a larger one is refused before it is.
    /// - Throws: `ModelGraphError` where the archive's list of files is damaged.
    package init(_ bytes: Data, limit: Int = .max) throws {
        self.bytes = bytes
        self.limit = limit
        // The end record is 22 bytes and a comment of at most 64 KiB.
        var end = bytes.count - 22
        let lowest = max(0, bytes.count - 22 - 65_535)
        while end >= lowest, end >= 0, try integer(end, 4) != 0x0605_4B50 { end -= 1 }
        guard end >= lowest, end >= 0 else { throw ModelGraphError(.damaged, "the zip archive has no end") }
        var (count, start) = (try integer(end + 10, 2), try integer(end + 16, 4))
        if count == 0xFFFF || start == 0xFFFF_FFFF {
            let wide = try integer(end - 20 + 8, 8)
            guard try integer(wide, 4) == 0x0606_4B50 else { throw ModelGraphError(.damaged, "the zip archive has no 64-bit end") }
            count = try integer(wide + 32, 8)
            start = try integer(wide + 48, 8)
        }
        var position = start
        for _ in 0..<min(count, bytes.count / 46) { position = try readEntry(at: position) }
    }

    /// Section 4.3.12.
    /// - Returns: Where the next entry is.
    private mutating func readEntry(at position: Int) throws -> Int {
        guard try integer(position, 4) == 0x0201_4B50 else { throw ModelGraphError(.damaged, "the zip archive's list is damaged") }
        let (nameLength, extraLength, commentLength) = (
            try integer(position + 28, 2), try integer(position + 30, 2), try integer(position + 32, 2)
        )
        var (packedSize, size, header) = (try integer(position + 20, 4), try integer(position + 24, 4), try integer(position + 42, 4))
        let name = String(decoding: try slice(position + 46, nameLength), as: UTF8.self)
        // Sizes and places beyond 32 bits are in an extra field of kind 1, in this order, only those that did not fit.
        var extra = position + 46 + nameLength
        let extraEnd = extra + extraLength
        while extra + 4 <= extraEnd {
            let (kind, length) = (try integer(extra, 2), try integer(extra + 2, 2))
            if kind == 1 {
                var field = extra + 4
                func wide(_ value: inout Int) throws {
                    guard value == 0xFFFF_FFFF else { return }
                    value = try integer(field, 8)
                    field += 8
                }
                try wide(&size)
                try wide(&packedSize)
                try wide(&header)
            }
            extra += 4 + length
        }
        entries[name] = Entry(
            header: header, packedSize: packedSize, size: size, method: try integer(position + 10, 2),
            isEncrypted: try integer(position + 8, 2) & 1 != 0, checksum: UInt32(truncatingIfNeeded: try integer(position + 16, 4)))
        return extraEnd + commentLength
    }

    /// What a file of the archive holds. Of a deflated file the checksum is compared too; PyTorch can leave those of its stored ones out.
    /// - Throws: `ModelGraphError`: no such file, or damaged.
    package func content(_ name: String) throws -> Data {
        guard let entry = entries[name] else { throw ModelGraphError(.missing, "the archive has no file of that name") }
        guard !entry.isEncrypted else { throw ModelGraphError(.unsupported, "the archive is encrypted") }
        guard try integer(entry.header, 4) == 0x0403_4B50 else { throw ModelGraphError(.damaged, "a file of the archive is damaged") }
        let start = entry.header + 30 + (try integer(entry.header + 26, 2)) + (try integer(entry.header + 28, 2))
        switch entry.method {
        case 0: return try slice(start, entry.size)
        case 8:
            guard entry.size <= limit else {
                throw ModelGraphError(.damaged, "a file of the archive would unpack to \(entry.size) bytes, far more than the archive has")
            }
            let content = try Deflate.inflated(slice(start, entry.packedSize), size: entry.size)
            guard Deflate.checksum(content) == entry.checksum else {
                throw ModelGraphError(.damaged, "a file of the archive does not have its checksum")
            }
            return content
        default: throw ModelGraphError(.unsupported, "the archive is compressed by method \(entry.method), which is not read")
        }
    }

    private func slice(_ start: Int, _ count: Int) throws -> Data {
        guard start >= 0, count >= 0, start <= bytes.count, count <= bytes.count - start else {
            throw ModelGraphError(.damaged, "the zip archive points outside itself")
        }
        return bytes[bytes.startIndex + start..<bytes.startIndex + start + count]
    }

    /// Little-endian.
    private func integer(_ start: Int, _ count: Int) throws -> Int {
        let value = try slice(start, count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: value) else { throw ModelGraphError(.damaged, "the zip archive points outside itself") }
        return number
    }
}
