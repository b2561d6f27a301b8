import Basics
import Foundation
import ModelGraph

/// Where weights to start from lie on this machine.
public struct WeightStore: Sendable {
    /// Looked through in order; the first that has the file wins.
    public var folders: [URL]

    public init(folders: [URL]) { self.folders = folders }

    /// Where `pleura model fetch` puts them.
    public static var cache: URL { UserFolders.cache.appendingPathComponent("weights") }

    /// The cache, then what set-up laid in the checkout that this program was built in.
    public static var standard: WeightStore {
        var folders = [cache]
        if let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            var folder = URL(fileURLWithPath: program).deletingLastPathComponent()
            while folder.path != "/" {
                folders.append(folder.appendingPathComponent(".engines/weights"))
                folder.deleteLastPathComponent()
            }
        }
        return WeightStore(folders: folders)
    }

    /// The file of known weights, whole by its size; `nil` where it is not here. Its sum was compared when it was fetched.
    public func file(of known: KnownWeights) -> URL? {
        folders.lazy.map { $0.appendingPathComponent(known.file) }.first { url in
            let values = try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
            return values?.isRegularFile == true && values?.fileSize == known.byteCount
        }
    }

    /// The file that a person means: known weights by name, or else a path.
    /// - Throws: `ModelGraphError` of code `notFound`: known weights that are not here, with the command that fetches them, or
    ///   neither a name nor a file.
    public func find(_ nameOrPath: String) throws -> URL {
        if let known = KnownWeights.all.first(where: { $0.name == nameOrPath }) {
            if let file = file(of: known) { return file }
            throw ModelGraphError(
                .notFound, "the weights \(known.name) are not on this machine; fetch them with: pleura model fetch \(known.name)")
        }
        if FileManager.default.fileExists(atPath: nameOrPath) { return URL(fileURLWithPath: nameOrPath) }
        guard !nameOrPath.contains("/") else { throw ModelGraphError(.notFound, "there is no file \(nameOrPath)") }
        do {
            _ = try KnownWeights.named(nameOrPath)
        } catch let error as ModelGraphError {
            throw ModelGraphError(.notFound, "there is no file \(nameOrPath), and \(error.reason) (pleura model fetch lists them)")
        }
        throw ModelGraphError(.notFound, "there is no file \(nameOrPath)")
    }
}
