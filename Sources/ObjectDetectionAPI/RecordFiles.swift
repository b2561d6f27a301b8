import Foundation

/// The files that a path of a `pipeline.config` means: TensorFlow's patterns with * and ?, and `name@10` for ten shards.
public enum RecordFiles {
    /// Why a path leads to no usable files.
    public struct Failure: Error, Hashable, Sendable {
        public var code: PipelineError.Code
        public var reason: String

        public init(code: PipelineError.Code, reason: String) {
            self.code = code
            self.reason = reason
        }
    }

    private static let placeholder = "PATH_TO_BE_CONFIGURED"

    /// - Parameters:
    ///   - pattern: A path, absolute or relative.
    ///   - folders: Where a relative path is looked for; the first folder that has a match counts.
    /// - Returns: At least one file, in the order of their names. Of shards named `-00000-of-00010` all are there, and of one set only.
    public static func find(_ pattern: String, in folders: [URL]) -> Result<[URL], Failure> {
        guard !pattern.contains(placeholder) else {
            return .failure(Failure(code: .placeholder, reason: "\(placeholder) was never filled in"))
        }
        guard !pattern.isEmpty else { return .failure(Failure(code: .missing, reason: "the path is empty")) }
        let roots = pattern.hasPrefix("/") ? [""] : folders.map { $0.path + "/" }
        for root in roots {
            if isFile(root + pattern) { return .success([URL(fileURLWithPath: root + pattern)]) }
            let files = files(matching: root + pattern)
            guard files.isEmpty else { return checked(files) }
        }
        let places = pattern.hasPrefix("/") || folders.count < 2 ? "" : ", neither in the current folder nor in that of the file"
        return .failure(Failure(code: .missing, reason: "no file is there\(places)"))
    }

    private static func files(matching path: String) -> [URL] {
        var pattern = path
        if let (stem, count) = shardCount(path) { pattern = "\(escaped(stem))-?????-of-\(number(count))" }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { index in
            guard let bytes = paths[index] else { return nil }
            let path = String(cString: bytes)
            return isFile(path) ? URL(fileURLWithPath: path) : nil
        }
    }

    private static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// `train.record@10` is ten shards.
    private static func shardCount(_ path: String) -> (stem: String, count: Int)? {
        guard let at = path.lastIndex(of: "@"), let count = Int(path[path.index(after: at)...]), (1...99_999).contains(count) else {
            return nil
        }
        return (String(path[..<at]), count)
    }

    private static func escaped(_ path: String) -> String {
        path.map { "*?[\\".contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    private static func number(_ count: Int) -> String { String(format: "%05d", count) }

    /// Training on a part of the shards without knowing it is worse than not training.
    private static func checked(_ files: [URL]) -> Result<[URL], Failure> {
        let sharded = files.compactMap { url in shard(url.lastPathComponent).map { (url, $0) } }
        guard sharded.count == files.count, let first = sharded.first?.1 else { return .success(files) }
        guard sharded.allSatisfy({ $0.1.total == first.total && $0.1.stem == first.stem }) else {
            return .failure(Failure(code: .missing, reason: "it matches shards of more than one set"))
        }
        let present = Set(sharded.map(\.1.index))
        let missing = (0..<first.total).filter { !present.contains($0) }
        guard let absent = missing.first else { return .success(files) }
        return .failure(
            Failure(
                code: .missing, reason: "\(missing.count) of \(first.total) shards are missing, the first of them number \(number(absent))")
        )
    }

    /// `train.record-00003-of-00010`, also with an ending after it.
    private static func shard(_ name: String) -> (stem: String, index: Int, total: Int)? {
        guard let match = name.firstMatch(of: /-(\d{5})-of-(\d{5})/), let index = Int(match.1), let total = Int(match.2), index < total
        else { return nil }
        return (String(name[..<match.range.lowerBound]), index, total)
    }
}
