import Basics
import Foundation

/// Where a site's learning loop lies: the folder `improvement` beside the archive's database.
public struct SiteFolder: Hashable, Sendable {
    public let url: URL

    /// - Parameter archive: The archive's folder.
    public init(archive: URL) { url = archive.appendingPathComponent("improvement", isDirectory: true) }

    /// What makes readers' names into pseudonyms: 32 random bytes that never leave the folder.
    /// - Throws: `FileError` where it cannot be kept.
    package func salt() throws -> Data {
        let file = url.appendingPathComponent("salt")
        if let kept = try? Data(contentsOf: file), kept.count == 32 { return kept }
        var generator = SystemRandomNumberGenerator()
        let bytes = Data((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try AtomicFile.write(bytes, to: file)
        try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        return bytes
    }
}
