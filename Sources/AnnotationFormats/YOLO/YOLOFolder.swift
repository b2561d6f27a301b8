import Basics
import Datasets
import Foundation
import Interchange

/// The files around YOLO's labels, by their paths inside the folder; nothing outside is ever looked at.
struct YOLOFolder {
    /// By path, in order.
    let paths: [String]
    private let files: [String: URL]
    private let folders: Set<String>
    /// Images by their own names, to find what a list of another machine means.
    private let imagesByName: [String: [String]]
    private let source: AnnotationSource

    init(_ source: AnnotationSource) {
        self.source = source
        let root = source.isFolder ? source.url : source.url.deletingLastPathComponent()
        let prefix = root.standardizedFileURL.path + "/"
        var files: [String: URL] = [:]
        var folders: Set<String> = [""]
        var images: [String: [String]] = [:]
        var paths: [String] = []
        for file in source.isFolder ? source.files : FolderWalk.files(in: root) {
            let whole = file.standardizedFileURL.path
            guard whole.hasPrefix(prefix) else { continue }
            let path = String(whole.dropFirst(prefix.count))
            files[path] = file
            paths.append(path)
            var folder = (path as NSString).deletingLastPathComponent
            while folders.insert(folder).inserted { folder = (folder as NSString).deletingLastPathComponent }
            if Self.isImage(path) { images[(path as NSString).lastPathComponent, default: []].append(path) }
        }
        (self.files, self.folders, self.paths, imagesByName) = (files, folders, paths, images)
    }

    static func isImage(_ path: String) -> Bool { FileNames.hasImageSuffix(path) }

    func file(_ path: String) -> URL? { files[path] }
    func isFolder(_ path: String) -> Bool { folders.contains(path) }

    /// For messages.
    func name(of path: String) -> String { files[path].map(source.name(of:)) ?? path }

    /// The path inside the folder; `nil` where it leaves it.
    /// - Parameter folder: The folder that a relative path begins in.
    static func resolved(_ path: String, in folder: String) -> String? {
        guard !path.hasPrefix("/"), !path.utf8.contains(0) else { return nil }
        var steps = folder.split(separator: "/").map(String.init)
        for step in path.split(separator: "/") where step != "." {
            if step != ".." {
                steps.append(String(step))
            } else if steps.popLast() == nil {
                return nil
            }
        }
        return steps.joined(separator: "/")
    }

    /// Where Ultralytics looks for the labels of an image: the last step `images` of the path becomes `labels`.
    static func labelPath(ofImage path: String) -> String { labelFolder(of: (path as NSString).deletingPathExtension) + ".txt" }

    static func labelFolder(of path: String) -> String {
        var steps = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if let last = steps.lastIndex(of: "images") { steps[last] = "labels" }
        return steps.joined(separator: "/")
    }

    /// The text of an image: in the folder of labels, or beside it.
    func label(ofImage path: String) -> String? {
        [Self.labelPath(ofImage: path), (path as NSString).deletingPathExtension + ".txt"].first { files[$0] != nil }
    }

    /// The image that a path on perhaps another machine means: the one whose path it fits.
    func image(_ path: String, listedIn folder: String) -> String? {
        for candidate in [Self.resolved(path, in: folder), Self.resolved(path, in: "")].compactMap({ $0 }) where files[candidate] != nil {
            return candidate
        }
        for spelling in ImagePath.spellings(of: path, stripping: source.strippedFolders) {
            let fits = (spelling.steps.last.flatMap { imagesByName[$0] } ?? []).compactMap { candidate in
                let steps = candidate.split(separator: "/").map(String.init)
                return spelling.fit(steps, inner: [steps.count], isSameFile: ==).map { (path: candidate, common: $0.common) }
            }
            let most = fits.map(\.common).max()
            let best = fits.filter { $0.common == most }
            if best.count == 1 { return best[0].path }
        }
        return nil
    }
}
