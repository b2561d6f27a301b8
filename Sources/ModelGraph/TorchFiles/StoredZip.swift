import Foundation

/// The files of a zip archive that are stored as they are, as PyTorch stores all of its own (APPNOTE.TXT sections 4.3 and 4.5.3). Compressed
/// ones are refused: this is no unpacker.
struct StoredZip {
    private struct Entry {
        let header: Int
        let size: Int
        let isStored: Bool
    }

    private let bytes: Data
    private var entries: [String: Entry] = [:]

    var names: [String] { entries.keys.sorted() }

    init(_ bytes: Data) throws {
        self.bytes = bytes
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
        for _ in 0..<min(count, bytes.count / 46) {
            guard try integer(position, 4) == 0x0201_4B50 else { throw ModelGraphError(.damaged, "the zip archive's list is damaged") }
            let (nameLength, extraLength, commentLength) = (
                try integer(position + 28, 2), try integer(position + 30, 2), try integer(position + 32, 2)
            )
            var (size, header) = (try integer(position + 24, 4), try integer(position + 42, 4))
            let name = String(decoding: try slice(position + 46, nameLength), as: UTF8.self)
            // Sizes and places beyond 32 bits are in an extra field of kind 1, in this order, only those that did not fit.
            var extra = position + 46 + nameLength
            let extraEnd = extra + extraLength
            while extra + 4 <= extraEnd {
                let (kind, length) = (try integer(extra, 2), try integer(extra + 2, 2))
                if kind == 1 {
                    var field = extra + 4
                    if size == 0xFFFF_FFFF {
                        size = try integer(field, 8)
                        field += 8
                    }
                    if try integer(position + 20, 4) == 0xFFFF_FFFF { field += 8 }
                    if header == 0xFFFF_FFFF { header = try integer(field, 8) }
                }
                extra += 4 + length
            }
            entries[name] = Entry(header: header, size: size, isStored: try integer(position + 10, 2) == 0)
            position = extraEnd + commentLength
        }
    }

    /// - Throws: `ModelGraphError`.
    func content(_ name: String) throws -> Data {
        guard let entry = entries[name] else { throw ModelGraphError(.missing, "the archive has no file that its pickle names") }
        guard entry.isStored else { throw ModelGraphError(.damaged, "the archive is compressed, which PyTorch's are not") }
        guard try integer(entry.header, 4) == 0x0403_4B50 else { throw ModelGraphError(.damaged, "a file of the archive is damaged") }
        let start = entry.header + 30 + (try integer(entry.header + 26, 2)) + (try integer(entry.header + 28, 2))
        return try slice(start, entry.size)
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
