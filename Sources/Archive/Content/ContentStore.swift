import Basics
import Foundation

/// Files by the digest of their bytes, as they were received. The same bytes are one file.
///
/// `FOLDER/content/ab/abcd…` holds the bytes with the SHA-256 abcd…; `FOLDER/incoming/` what is being received, which a start empties.
public struct ContentStore: Sendable {
    public let folder: URL
    private var content: URL { folder.appendingPathComponent("content") }
    /// What is being received.
    public var incoming: URL { folder.appendingPathComponent("incoming") }

    /// - Throws: `ArchiveError` of code `cannotOpen` where the folders cannot be made.
    public init(folder: URL) throws {
        self.folder = folder
        do {
            // All of them at once: made one by one while files come, each would be waited for.
            let shelves = (0...255).map { "content/" + Digest.hexadecimal([UInt8($0)]) }
            for place in (["content", "incoming"] + shelves).map({ folder.appendingPathComponent($0) }) {
                try FileManager.default.createDirectory(
                    at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
            try IncomingFile.synchronise(content)
        } catch let error as ArchiveError {
            throw ArchiveError(.cannotOpen, error.reason)
        } catch {
            throw ArchiveError(.cannotOpen, "the folder of the archive cannot be made: \(Self.reason(error))")
        }
    }

    /// Where the bytes with a digest lie, or would lie.
    /// - Parameter digest: SHA-256 in hexadecimal.
    public func url(of digest: String) -> URL {
        content.appendingPathComponent(String(digest.prefix(2))).appendingPathComponent(digest)
    }

    public func contains(_ digest: String) -> Bool { FileManager.default.fileExists(atPath: url(of: digest).path) }

    /// The bytes, mapped where that is possible.
    /// - Throws: `ArchiveError` of code `notFound`.
    public func bytes(of digest: String) throws -> Data {
        do {
            return try Data(contentsOf: url(of: digest), options: .mappedIfSafe)
        } catch {
            throw ArchiveError(.notFound, "the bytes with the digest \(digest.prefix(12))… are not there")
        }
    }

    /// Puts bytes in their place, and waits until they and their name are on the disk.
    /// - Returns: Their SHA-256 in hexadecimal.
    /// - Throws: `ArchiveError` of code `noSpace` or `cannotWrite`; nothing is left behind then.
    public func add(_ bytes: Data) throws -> String {
        let file = try IncomingFile(in: self)
        try file.write(bytes)
        return try file.keep()
    }

    /// Removes what an earlier program had begun to receive and was cut off in. Nobody else may be receiving.
    public func removeUnfinished() {
        for file in (try? FileManager.default.contentsOfDirectory(at: incoming, includingPropertiesForKeys: nil)) ?? [] {
            try? FileManager.default.removeItem(at: file)
        }
    }

    /// Every digest that has bytes here.
    public func digests() -> [String] {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: content.path)) ?? []
        return folders.sorted().flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: content.appendingPathComponent(folder).path)) ?? []).sorted()
        }
    }

    private static func reason(_ error: any Error) -> String {
        let number = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code ?? 0
        return number == 0 ? "the system refuses it" : Descriptor.reason(Int32(number))
    }
}
