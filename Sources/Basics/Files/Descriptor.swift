import Foundation

/// Bytes into an open file, pipe or device, all of them or an error.
package enum Descriptor {
    /// Goes on after interruptions and short writes, and waits where a pipe that does not block is full.
    /// - Returns: `errno` of what stood in the way; `nil` where all was written.
    package static func write(_ bytes: some ContiguousBytes, to descriptor: Int32) -> Int32? {
        bytes.withUnsafeBytes { raw in
            var rest = raw[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                    continue
                }
                switch errno {
                case EINTR: continue
                case EAGAIN:
                    var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    guard poll(&wanted, 1, -1) >= 0 || errno == EINTR else { return errno }
                // A device that takes nothing and says nothing: as good as full.
                default: return count == 0 ? ENOSPC : errno
                }
            }
            return nil
        }
    }

    /// In words, without a capital.
    package static func reason(_ number: Int32) -> String {
        switch number {
        case EPIPE: return "its reader has gone"
        case EBADF: return "it is closed"
        default:
            let text = String(cString: strerror(number))
            return text.prefix(1).lowercased() + text.dropFirst()
        }
    }
}
