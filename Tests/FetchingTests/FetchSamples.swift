import Basics
import Fetching
import Foundation
import PleuraTesting

/// Bytes, files and sums for the tests of fetching. Sums come from the system's own programs, not from the code under test.
enum FetchSamples {
    /// Bytes that no part of repeats, the same for the same seed.
    static func bytes(_ count: Int, seed: UInt64 = 1) -> Data {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        var data = Data(capacity: count + 8)
        while data.count < count {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            withUnsafeBytes(of: state) { data.append(contentsOf: $0) }
        }
        return data.prefix(count)
    }

    /// By `sha256sum`, `sha1sum`, `md5sum`.
    static func sum(_ data: Data, _ algorithm: PublishedSum.Algorithm = .sha256) throws -> PublishedSum {
        let folder = try TemporaryFolder()
        try data.write(to: folder.file("data"))
        let program = [.sha256: "sha256sum", .sha1: "sha1sum", .md5: "md5sum"][algorithm] ?? ""
        let result = try Shell.run("\(program) < '\(folder.file("data").path)'")
        return PublishedSum(algorithm, String(result.output.prefix { $0.isHexDigit }))
    }

    static func file(_ name: String, _ data: Data, at url: URL, role: RemoteFile.Role = .plain) throws -> RemoteFile {
        RemoteFile(name: name, url: url, byteCount: data.count, sums: [try sum(data)], role: role)
    }

    static func manifest(_ files: [RemoteFile], images: FetchManifest.Images = .all) -> FetchManifest {
        FetchManifest(name: "sample", page: "", credit: "", files: files, images: images)
    }

    /// Fast enough for a test, patient enough for a busy machine.
    static let limits = FetchLimits(stallSeconds: 20, leastBytes: 1, attempts: 4, firstPause: 0.01, longestPause: 0.05)

    /// The names in a folder, in order; none where there is no folder.
    static func names(_ folder: URL) -> [String] {
        (try? Files.names(in: folder)) ?? []
    }
}

/// What a fetch told, for the tests to look at.
final class FetchLog: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [FetchEvent] = []

    var events: [FetchEvent] { lock.withLock { list } }
    func add(_ event: FetchEvent) { lock.withLock { list.append(event) } }

    var retries: [String] {
        events.compactMap { if case .retrying(_, let reason, _) = $0 { reason } else { nil } }
    }
    var repeats: Int { events.count { if case .again = $0 { true } else { false } } }
}
