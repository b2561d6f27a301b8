import Foundation

/// Where bundles lie on this machine: folders of bundles, each bundle's folder named as its model is called for.
public struct ModelStore: Sendable {
    /// Looked through in order; the first that has the name wins.
    public var folders: [URL]

    public init(folders: [URL]) { self.folders = folders }

    /// `Models` in the current directory, in the program's own folder and each folder above it, then `~/.local/share/pleura/models`.
    public static var standard: ModelStore {
        let manager = FileManager.default
        var folders = [URL(fileURLWithPath: manager.currentDirectoryPath).appendingPathComponent("Models")]
        if let program = try? manager.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            var folder = URL(fileURLWithPath: program).deletingLastPathComponent()
            while folder.path != "/" {
                folders.append(folder.appendingPathComponent("Models"))
                folder.deleteLastPathComponent()
            }
        }
        folders.append(manager.homeDirectoryForCurrentUser.appendingPathComponent(".local/share/pleura/models"))
        var seen = Set<String>()
        return ModelStore(folders: folders.filter { seen.insert($0.standardizedFileURL.path).inserted })
    }

    /// The bundle of that name, or the one in that directory.
    /// - Throws: `ModelError`; code `notFound` where there is none.
    public func bundle(_ nameOrDirectory: String) throws -> ModelBundle { try ModelBundle(directory: directory(nameOrDirectory)) }

    /// Where that bundle is, without looking into it.
    /// - Throws: `ModelError` of code `notFound`.
    public func directory(_ nameOrDirectory: String) throws -> URL {
        if nameOrDirectory.contains("/") || nameOrDirectory == "." || nameOrDirectory == ".." {
            guard isDirectory(nameOrDirectory) else { throw ModelError(.notFound, "no such model directory") }
            return URL(fileURLWithPath: nameOrDirectory)
        }
        for folder in folders where isDirectory(folder.appendingPathComponent(nameOrDirectory).path) {
            return folder.appendingPathComponent(nameOrDirectory)
        }
        guard isDirectory(nameOrDirectory) else {
            let places = folders.filter { isDirectory($0.path) }.map(\.path)
            throw ModelError(
                .notFound,
                "no model of that name in \(places.isEmpty ? "any Models folder (none was found)" : places.joined(separator: ", "))")
        }
        return URL(fileURLWithPath: nameOrDirectory)
    }

    /// Every folder that claims to be a bundle, by name; of equal names the one that `bundle(_:)` would take.
    public func directories() -> [URL] {
        var byName: [String: URL] = [:]
        for folder in folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            for name in names where !name.hasPrefix(".") && byName[name] == nil {
                let place = folder.appendingPathComponent(name)
                if isDirectory(place.path) { byName[name] = place }
            }
        }
        return byName.sorted { $0.key < $1.key }.map(\.value)
    }

    private func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
