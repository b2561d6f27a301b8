import Foundation

/// A folder that is made in one step: it is filled beside its place and gets its name when everything is in it, so that nothing
/// half-written is ever seen.
struct NewFolder {
    let target: URL

    /// - Throws: `DatasetError` of code `exists` where the target is there and not an empty folder.
    init(_ target: URL) throws {
        self.target = target
        guard FileManager.default.fileExists(atPath: target.path) else { return }
        guard let contents = try? FileManager.default.contentsOfDirectory(atPath: target.path), contents.isEmpty else {
            throw DatasetError(.exists, "the target is there and is not an empty directory")
        }
    }

    /// - Throws: `DatasetError` of code `cannotWrite`; what `body` throws, and then nothing is left behind.
    func fill<Value>(_ body: (URL) throws -> Value) throws -> Value {
        let manager = FileManager.default
        let parent = target.standardizedFileURL.deletingLastPathComponent()
        let aside = parent.appendingPathComponent(".\(target.lastPathComponent).\(UUID().uuidString)")
        do {
            try manager.createDirectory(at: aside, withIntermediateDirectories: true)
        } catch {
            throw DatasetError(.cannotWrite, "the target's directory cannot be made")
        }
        do {
            let value = try body(aside)
            // rename(2) takes the place of an empty directory.
            guard rename(aside.path, target.path) == 0 else {
                throw DatasetError(.cannotWrite, "the target's directory cannot be made")
            }
            return value
        } catch {
            try? manager.removeItem(at: aside)
            throw error
        }
    }
}
