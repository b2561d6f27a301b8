import CISAL

/// CRC-32C (Castagnoli's polynomial; RFC 3720, appendix B.4) by Intel's ISA-L, which uses the processor's instructions for it.
package enum CRC32C {
    package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard let base = bytes.baseAddress else { return 0 }
        var state = UInt32.max
        var offset = 0
        while offset < bytes.count {
            // The function counts in 32 bits.
            let count = min(bytes.count - offset, 1 << 30)
            // It takes a pointer to bytes it may change, and does not.
            let start = UnsafeMutableRawPointer(mutating: base + offset).assumingMemoryBound(to: UInt8.self)
            state = crc32_iscsi(start, Int32(count), state)
            offset += count
        }
        return ~state
    }

    /// As TFRecord stores it (tensorflow/core/lib/hash/crc32c.h): turned and moved, since the checksum of data that holds checksums
    /// is weak.
    package static func masked(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let value = checksum(bytes)
        return (value >> 15 | value << 17) &+ 0xa282_ead8
    }
}
