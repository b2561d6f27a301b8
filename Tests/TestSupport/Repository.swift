import Foundation

/// Where the tests find things.
package enum Repository {
    /// The checkout.
    package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// What the Python oracles wrote (`make oracles`, which `make test` runs first): files and the values expected of them.
    package static let oracles = root.appendingPathComponent(".oracles")

    /// The real radiographs, where this machine has them; they are no part of the repository.
    package static var realData: URL? {
        let folder = root.deletingLastPathComponent().appendingPathComponent("shared/data")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }

    /// Inputs that once went wrong, where this machine has them; they are no part of the repository.
    package static var cases: URL? {
        let folder = root.deletingLastPathComponent().appendingPathComponent("shared/cases/inputs")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }
}

/// A fresh folder that is removed when the value goes.
package final class TemporaryFolder: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    package func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}
