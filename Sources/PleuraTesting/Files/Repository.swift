import Foundation

/// Where the tests of this checkout find things.
package enum Repository {
    /// The checkout: this file is `Sources/PleuraTesting/Files/Repository.swift` in it.
    package static let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { place, _ in place.deletingLastPathComponent() }

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
