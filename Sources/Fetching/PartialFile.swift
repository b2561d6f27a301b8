import Datasets
import Foundation

/// A download under way: `NAME.partial` with what came so far, and `NAME.resume.partial`, which says of which version of the file that
/// is. Both outlive the program and are what the next run goes on from.
struct PartialFile {
    static let suffix = ".partial"

    /// What a server said about the version it sends (RFC 9110, 8.8).
    struct Version: Codable, Equatable {
        /// Where the bytes came from; another address may give its versions other names.
        var address: String
        /// A strong entity tag, quotes included; a weak one does not promise equal bytes and is not kept.
        var entityTag: String?
        var lastModified: String?
        /// Bytes of the whole file.
        var total: Int?

        /// What goes into If-Range.
        var condition: String? { entityTag ?? lastModified }
    }

    let url: URL
    private let versionURL: URL

    /// - Parameter target: What the whole file will be called.
    init(_ target: URL) {
        let folder = target.deletingLastPathComponent()
        url = folder.appendingPathComponent(target.lastPathComponent + Self.suffix)
        versionURL = folder.appendingPathComponent(target.lastPathComponent + ".resume" + Self.suffix)
    }

    /// Bytes so far; 0 where there is none.
    var byteCount: Int { FileStatus(url)?.byteCount ?? 0 }

    var version: Version? { (try? Data(contentsOf: versionURL)).flatMap { try? JSONDecoder().decode(Version.self, from: $0) } }

    /// To be called before any byte of that version is written.
    func keep(_ version: Version) throws { try JSONEncoder().encode(version).write(to: versionURL, options: .atomic) }

    /// Opens the file for writing behind what is there, or empties it.
    func open(at offset: Int) throws -> FileHandle {
        if FileStatus(url) == nil { try Data().write(to: url) }
        let handle = try FileHandle(forWritingTo: url)
        try handle.truncate(atOffset: UInt64(offset))
        return handle
    }

    func remove() {
        try? FileManager.default.removeItem(at: url)
        try? FileManager.default.removeItem(at: versionURL)
    }

    /// Gives the file its name; the content reaches the disk first.
    func finish(as target: URL) throws {
        let handle = try FileHandle(forWritingTo: url)
        try handle.synchronize()
        try handle.close()
        guard rename(url.path, target.path) == 0 else { throw DatasetError(.cannotWrite, "\(target.lastPathComponent) cannot be named") }
        try? FileManager.default.removeItem(at: versionURL)
    }
}
