import Foundation

/// The beginning of a file, by which its kind is told.
package enum FileHead {
    /// The first `count` bytes of a file; empty where it cannot be opened.
    package static func bytes(of url: URL, count: Int = 65_536) -> Data {
        guard let handle = try? FileHandle(forReadingFrom: url) else { return Data() }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: count)) ?? Data()
    }
}
