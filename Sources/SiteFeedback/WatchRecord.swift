import Basics
import Foundation
import Watching

/// The last report of the watch, as it lies beside the archive for the page and the metrics.
public struct WatchRecord: Sendable {
    private let file: URL

    /// - Parameter folder: The site's folder of the learning loop.
    public init(folder: URL) { file = folder.appendingPathComponent("watch.json") }

    /// `nil` where nothing was watched yet.
    public var latest: WatchReport? {
        (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(WatchReport.self, from: $0) }
    }

    /// - Throws: `FileError`.
    public func keep(_ report: WatchReport) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try AtomicFile.write(report.json, to: file)
    }
}
