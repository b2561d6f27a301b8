import CISAL
import Foundation

/// RFC 1952 by ISA-L.
package enum Gzip {
    /// A whole buffer at level 1. `nil` where the library refuses, which it has no reason to.
    /// - Parameter comment: Stands at the file's beginning, so that its maker can be told without unpacking it.
    static func compressed(_ bytes: Data, comment: String) -> Data? {
        let head = Data([0x1F, 0x8B, 8, 0x10, 0, 0, 0, 0, 0, 0xFF]) + Data(comment.utf8) + Data([0])
        guard bytes.count < Int(UInt32.max) - (1 << 20) else { return nil }
        // More than ISAL_DEF_LVL1_DEFAULT, which Swift cannot read.
        var workspace = [UInt8](repeating: 0, count: 350_000)
        // Stored blocks at worst: 5 bytes for every 65,535, and head and tail.
        let limit = bytes.count + (bytes.count / 65_535 + 1) * 5 + 64
        var target = Data(count: limit)
        let count = bytes.withUnsafeBytes { source in
            workspace.withUnsafeMutableBufferPointer { work in
                target.withUnsafeMutableBytes { target -> Int? in
                    var stream = isal_zstream()
                    isal_deflate_stateless_init(&stream)
                    stream.level = 1
                    stream.gzip_flag = UInt16(IGZIP_GZIP_NO_HDR)
                    stream.end_of_stream = 1
                    stream.flush = UInt16(NO_FLUSH)
                    stream.level_buf = work.baseAddress
                    stream.level_buf_size = UInt32(work.count)
                    stream.next_in = UnsafeMutablePointer(mutating: source.bindMemory(to: UInt8.self).baseAddress)
                    stream.avail_in = UInt32(source.count)
                    stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
                    stream.avail_out = UInt32(clamping: target.count)
                    return isal_deflate_stateless(&stream) == COMP_OK ? Int(stream.total_out) : nil
                }
            }
        }
        return count.map { head + target.prefix($0) }
    }

    static func isCompressed(_ bytes: Data) -> Bool { bytes.prefix(2).elementsEqual([0x1F, 0x8B]) }

    /// The content of one member.
    /// - Parameter limit: Bytes; more are refused.
    /// - Returns: `nil` where the stream is damaged, ends early or holds more.
    package static func inflated(_ bytes: Data, limit: Int) -> Data? {
        guard bytes.count < Int(UInt32.max) else { return nil }
        var content = Data()
        var room = [UInt8](repeating: 0, count: 1 << 20)
        let isWhole = bytes.withUnsafeBytes { source -> Bool in
            let state = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)
            defer { state.deallocate() }
            isal_inflate_init(state)
            state.pointee.crc_flag = UInt32(ISAL_GZIP)
            state.pointee.next_in = UnsafeMutablePointer(mutating: source.bindMemory(to: UInt8.self).baseAddress)
            state.pointee.avail_in = UInt32(source.count)
            while state.pointee.block_state != ISAL_BLOCK_FINISH {
                let produced = room.withUnsafeMutableBufferPointer { buffer -> Int? in
                    state.pointee.next_out = buffer.baseAddress
                    state.pointee.avail_out = UInt32(buffer.count)
                    guard isal_inflate(state) == ISAL_DECOMP_OK else { return nil }
                    return buffer.count - Int(state.pointee.avail_out)
                }
                guard let produced, content.count + produced <= limit else { return false }
                content.append(contentsOf: room.prefix(produced))
                if produced == 0, state.pointee.avail_in == 0, state.pointee.block_state != ISAL_BLOCK_FINISH { return false }
            }
            return true
        }
        return isWhole ? content : nil
    }
}
