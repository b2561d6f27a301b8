import Basics
import Foundation

/// The folder in which the engine keeps a model's compiled networks between runs.
///
/// The engine believes what it finds there: a byte that has changed would change findings and nobody would be told. So each file is used only
/// while it has the SHA-256 that was noted when it was made; any other is deleted, and made again.
struct CompiledNetworks {
    let folder: URL

    /// Models whose compiled networks are kept; of more, those that were not used for longest are deleted.
    private static let mostModels = 8
    private static let noteName = "sha256.json"

    /// For a model on this machine; made if need be. `nil` where it cannot be: a cache is never worth an error.
    init?(of digest: String) {
        let networks = UserFolders.cache.appendingPathComponent("networks")
        let folder = networks.appendingPathComponent(MachineKey.key(of: digest))
        let files = FileManager.default
        guard
            (try? files.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])) != nil,
            files.isWritableFile(atPath: folder.path)
        else { return nil }
        self.folder = folder
        try? files.setAttributes([.modificationDate: Date()], ofItemAtPath: folder.path)
        Self.deleteOldest(in: networks)
        deleteChanged()
    }

    /// Notes what was made since; call it when the networks are loaded.
    func seal() {
        var noted = noted()
        let before = noted
        for file in blobs() where noted[file.lastPathComponent] == nil { noted[file.lastPathComponent] = Self.digest(of: file) }
        guard noted != before, let bytes = try? JSONEncoder().encode(noted) else { return }
        try? bytes.write(to: folder.appendingPathComponent(Self.noteName), options: .atomic)
    }

    private func deleteChanged() {
        let noted = noted()
        for file in blobs() {
            guard let expected = noted[file.lastPathComponent], expected == Self.digest(of: file) else {
                try? FileManager.default.removeItem(at: file)
                continue
            }
        }
        // A file made again may have the name of one that was deleted.
        let left = Set(blobs().map(\.lastPathComponent))
        let kept = noted.filter { left.contains($0.key) }
        guard kept != noted, let bytes = try? JSONEncoder().encode(kept) else { return }
        try? bytes.write(to: folder.appendingPathComponent(Self.noteName), options: .atomic)
    }

    private func noted() -> [String: String] {
        guard let bytes = try? Data(contentsOf: folder.appendingPathComponent(Self.noteName)) else { return [:] }
        return (try? JSONDecoder().decode([String: String].self, from: bytes)) ?? [:]
    }

    private func blobs() -> [URL] {
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "blob" }
    }

    private static func digest(of file: URL) -> String? {
        guard let bytes = try? Data(contentsOf: file, options: .mappedIfSafe) else { return nil }
        return Digest(of: bytes).hexadecimal
    }

    private static func deleteOldest(in networks: URL) {
        let folders = (try? FileManager.default.contentsOfDirectory(at: networks, includingPropertiesForKeys: nil)) ?? []
        guard folders.count > mostModels else { return }
        func used(_ folder: URL) -> Date {
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder.path)
            return attributes?[.modificationDate] as? Date ?? .distantPast
        }
        for folder in folders.sorted(by: { used($0) < used($1) }).dropLast(mostModels) { try? FileManager.default.removeItem(at: folder) }
    }
}
