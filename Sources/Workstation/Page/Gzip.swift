import CISAL

/// RFC 1952 by ISA-L, a whole buffer in one call: fast enough for a radiograph at level 1.
enum Gzip {
    /// - Parameter level: 0 to 3.
    /// - Returns: `nil` where the library refuses, which it has no reason to.
    static func compressed(_ bytes: UnsafeRawBufferPointer, level: Int = 1) -> [UInt8]? {
        // More than ISAL_DEF_LVL1_DEFAULT to ISAL_DEF_LVL3_DEFAULT, which Swift cannot read.
        var workspace = [UInt8](repeating: 0, count: [1, 350_000, 350_000, 900_000][level])
        // Stored blocks at worst: 5 bytes for every 65,535, and head and tail.
        let limit = bytes.count + (bytes.count / 65_535 + 1) * 5 + 64
        var isDone = false
        let result = workspace.withUnsafeMutableBufferPointer { work in
            [UInt8](unsafeUninitializedCapacity: limit) { target, count in
                var stream = isal_zstream()
                isal_deflate_stateless_init(&stream)
                stream.level = UInt32(level)
                stream.gzip_flag = UInt16(IGZIP_GZIP)
                stream.end_of_stream = 1
                stream.flush = UInt16(NO_FLUSH)
                stream.level_buf = work.baseAddress
                stream.level_buf_size = UInt32(work.count)
                stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
                stream.avail_in = UInt32(bytes.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(limit)
                isDone = isal_deflate_stateless(&stream) == COMP_OK
                count = isDone ? Int(stream.total_out) : 0
            }
        }
        return isDone ? result : nil
    }
}
