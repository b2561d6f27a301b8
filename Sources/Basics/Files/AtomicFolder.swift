import Foundation

/// A folder that is made in one step: it is filled beside its place and gets its name when everything is in it, so that nothing
/// half-written is ever seen.
package struct AtomicFolder {
    package let target: URL
    private let replaces: Bool
    private let asThrown: AtomicFile.Failure

    /// - Parameters:
    ///   - replaces: Whether it may take the place of a folder with something in it, which is then deleted.
    ///   - failure: Makes of a `FileError` what is thrown; the error itself if not given.
    /// - Throws: An error of code `exists` where the target is there, is not an empty folder and must not be replaced.
    package init(_ target: URL, replaces: Bool = false, failure: @escaping AtomicFile.Failure = { $0 }) throws {
        self.target = target
        self.replaces = replaces
        asThrown = failure
        guard !replaces, FileManager.default.fileExists(atPath: target.path) else { return }
        guard let contents = try? FileManager.default.contentsOfDirectory(atPath: target.path), contents.isEmpty else {
            throw failure(FileError(.exists, "the target is there and is not an empty directory"))
        }
    }

    /// - Throws: What `body` throws; then all is as it was.
    package func fill<Value>(_ body: (URL) throws -> Value) throws -> Value {
        let manager = FileManager.default
        let target = target.standardizedFileURL
        let parent = target.deletingLastPathComponent()
        let mark = UUID().uuidString
        let aside = parent.appendingPathComponent(".\(target.lastPathComponent).\(mark)")
        let old = parent.appendingPathComponent(".\(target.lastPathComponent).old-\(mark)")
        do {
            try manager.createDirectory(at: aside, withIntermediateDirectories: true)
        } catch {
            throw asThrown(FileError(.cannotWrite, "the target's directory cannot be made"))
        }
        do {
            let value = try body(aside)
            // rename(2) takes the place of an empty directory, and of no other.
            let isMoved = replaces && rename(target.path, old.path) == 0
            guard rename(aside.path, target.path) == 0 else {
                if isMoved { _ = rename(old.path, target.path) }
                throw asThrown(FileError(.cannotWrite, "the target's directory cannot be made"))
            }
            if isMoved { try? manager.removeItem(at: old) }
            return value
        } catch {
            try? manager.removeItem(at: aside)
            throw error
        }
    }
}
