import Archive
import Foundation

/// A folder of an archive, gone with this.
final class ArchiveFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-archive-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func open() throws -> SQLiteArchive { try SQLiteArchive(folder: url) }
    var database: String { url.appendingPathComponent("pleura.sqlite").path }
}
