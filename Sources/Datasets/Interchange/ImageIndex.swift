import Foundation

/// Finds the files that annotations name: by path, by file name, or by the name without suffix, as copies of an archive often have
/// another suffix than its lists say.
struct ImageIndex {
    private var byPath: [String: URL] = [:]
    private var byName: [String: [URL]] = [:]
    private var byStem: [String: [URL]] = [:]
    private var known: Set<String> = []
    /// Every image in the folders, by path.
    private(set) var files: [URL] = []

    static let suffixes: Set<String> = ["png", "jpg", "jpeg", "dcm", "dicom"]

    /// What was found for a name.
    enum Match {
        case one(URL)
        case none
        /// Several files have the name, and no path says which.
        case several
    }

    init(_ source: AnnotationSource) {
        add(source.isFolder ? source.url : source.url.deletingLastPathComponent(), source.isFolder ? source.files : nil)
        for folder in source.imageFolders { add(folder, nil) }
    }

    private mutating func add(_ folder: URL, _ listed: [URL]?) {
        let root = folder.standardizedFileURL.path + "/"
        for file in listed ?? AnnotationSource.files(in: folder) {
            let suffix = file.pathExtension.lowercased()
            guard Self.suffixes.contains(suffix) || suffix.isEmpty else { continue }
            let path = file.standardizedFileURL.path
            // A folder of images may lie in the source's own: its files are there once.
            let isNew = known.insert(path).inserted
            if path.hasPrefix(root) { byPath[String(path.dropFirst(root.count))] = file }
            guard isNew else { continue }
            byName[file.lastPathComponent, default: []].append(file)
            byStem[file.deletingPathExtension().lastPathComponent, default: []].append(file)
            files.append(file)
        }
    }

    func match(_ name: String) -> Match {
        if let file = byPath[name] ?? byPath["\(Dataset.imagesFolder)/\(name)"] { return .one(file) }
        let last = (name as NSString).lastPathComponent
        let hasSuffix = Self.suffixes.contains((last as NSString).pathExtension.lowercased())
        let stem = hasSuffix ? (last as NSString).deletingPathExtension : last
        for candidates in [byName[last], byStem[stem]].compactMap({ $0 }) {
            // A path that the folder does not have as a whole may still end as one of the files does.
            let ending = candidates.filter { $0.path.hasSuffix("/" + name) }
            if ending.count == 1 { return .one(ending[0]) }
            return candidates.count == 1 ? .one(candidates[0]) : .several
        }
        return .none
    }
}
