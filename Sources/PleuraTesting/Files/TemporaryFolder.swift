import Foundation

/// A fresh folder that is removed when the value goes.
public final class TemporaryFolder: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// - Parameter name: A path below the folder; nothing need be there.
    public func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}

/// What tests do with files, in one line.
public enum Files {
    /// Writes a file, and makes the folders above it.
    public static func write(_ bytes: Data, to file: URL) throws {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
    }

    /// The names in a folder, hidden ones too, in order.
    public static func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }
}
