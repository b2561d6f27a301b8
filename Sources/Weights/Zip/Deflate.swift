import CISAL
import Foundation
import ModelGraph

/// Deflated bytes (RFC 1951) and the checksum that zip archives keep, by ISA-L.
enum Deflate {
    /// - Parameter size: How many bytes come out.
    /// - Throws: `ModelGraphError` where another number comes out, or the bytes are not deflated ones.
    static func inflated(_ packed: Data, size: Int) throws -> Data {
        // Deflate makes at most 1032 bytes of one; ISA-L counts in 32 bits.
        guard size >= 0, size / 1032 <= packed.count, let room = UInt32(exactly: size), let count = UInt32(exactly: packed.count) else {
            throw ModelGraphError(.damaged, "a file of the archive is said to be larger than it can be")
        }
        let state = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)
        defer { state.deallocate() }
        isal_inflate_init(state)
        state.pointee.crc_flag = UInt32(ISAL_DEFLATE)
        // The library takes no pointer to nothing.
        var output = [UInt8](repeating: 0, count: max(1, size))
        var input = [UInt8](packed)
        if input.isEmpty { input = [0] }
        let result = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                state.pointee.next_in = source.baseAddress
                state.pointee.avail_in = count
                state.pointee.next_out = target.baseAddress
                state.pointee.avail_out = room
                return isal_inflate_stateless(state)
            }
        }
        guard result == ISAL_DECOMP_OK, state.pointee.total_out == room else {
            throw ModelGraphError(.damaged, "a compressed file of the archive is damaged")
        }
        return Data(output.prefix(size))
    }

    /// CRC-32 of ISO 3309.
    static func checksum(_ bytes: Data) -> UInt32 {
        bytes.withUnsafeBytes { raw in
            guard let base = raw.bindMemory(to: UInt8.self).baseAddress else { return 0 }
            return crc32_gzip_refl(0, base, UInt64(raw.count))
        }
    }
}
