import Basics
import Datasets
import Foundation

/// Finds the files that annotations name: by path, by file name, or by the name without suffix, as copies of an archive often have
/// another suffix than its lists say. A path of another machine means the file that its ending fits; never one that it does not fit.
package struct ImageIndex {
    /// Every file that may be an image, by path: those with an image's suffix, and those whose suffix says nothing and whose content
    /// is to be asked.
    private var found: [File] = []
    private var byPath: [String: Int] = [:]
    private var byName: [String: [Int]] = [:]
    private var byStem: [String: [Int]] = [:]
    private var byFoldedStem: [String: [Int]] = [:]
    private var known: [String: Int] = [:]
    /// Folders that are left out at the beginning of every path.
    private let stripped: Int
    private let isImage: @Sendable (URL) -> Bool

    private struct File {
        package let url: URL
        /// Steps below each of the folders to look in.
        package var inner: [Int]
        package var steps: [String] { url.standardizedFileURL.path.split(separator: "/").map(String.init) }
    }

    /// What was found for a name.
    package enum Match: Hashable {
        case one(URL, Found)
        case none
        /// Several files have the name, and no path says which.
        case several
        /// Files have the name, in folders that its path does not fit.
        case elsewhere
    }

    /// How a file was found.
    package struct Found: Hashable {
        /// The name inside the folder to look in, as annotations spell it, without what its path says of another machine.
        package var name: String
        /// True where all of the annotations' path is the file's, but for a suffix that it leaves out.
        package var isExact: Bool
    }

    package init(_ source: AnnotationSource) {
        stripped = source.strippedFolders
        isImage = source.isImage
        add(source.isFolder ? source.url : source.url.deletingLastPathComponent(), source.isFolder ? source.files : nil)
        for folder in source.imageFolders { add(folder, nil) }
    }

    /// Suffixes of files that are never images: annotations and what lies beside them.
    private static let otherSuffixes: Set<String> = [
        "csv", "json", "xml", "txt", "yaml", "yml", "pbtxt", "record", "tfrecord", "md", "zip", "gz", "html", "py", "names", "data",
    ]

    private mutating func add(_ folder: URL, _ listed: [URL]?) {
        let root = folder.standardizedFileURL.path
        let prefix = root == "/" ? root : root + "/"
        for file in listed ?? FolderWalk.files(in: folder) {
            let suffix = file.pathExtension.lowercased()
            guard !Self.otherSuffixes.contains(suffix) else { continue }
            let path = file.standardizedFileURL.path
            // A folder of images may lie in the source's own: its files are there once.
            let index = known[path] ?? found.count
            if index == found.count {
                known[path] = index
                found.append(File(url: file, inner: []))
                let name = file.lastPathComponent
                byName[name, default: []].append(index)
                let stem = FileNames.stem(name)
                byStem[stem, default: []].append(index)
                byFoldedStem[stem.lowercased(), default: []].append(index)
            }
            guard path.hasPrefix(prefix) else { continue }
            let inside = String(path.dropFirst(prefix.count))
            byPath[inside] = byPath[inside] ?? index
            let depth = inside.utf8.count { $0 == UInt8(ascii: "/") } + 1
            found[index].inner.append(depth)
            // A folder of this name is where images usually are, and lists often leave it out.
            if inside.hasPrefix(Dataset.imagesFolder + "/") { found[index].inner.append(depth - 1) }
        }
    }

    /// Every image in the folders, by path: those that claim to be one, and those whose content is one.
    package var files: [URL] {
        let urls = found.map(\.url)
        let isThere = Concurrent.map(urls.count) { FileNames.hasImageSuffix(urls[$0].path) || isImage(urls[$0]) }
        return zip(urls, isThere).filter(\.1).map(\.0)
    }

    /// - Parameter folder: Where the annotations lie, inside the source; their paths may begin there.
    package func match(_ name: String, beside folder: String = "") -> Match {
        if stripped == 0 {
            let beside = folder.isEmpty ? nil : byPath["\(folder)/\(name)"]
            if let index = beside ?? byPath[name] ?? byPath["\(Dataset.imagesFolder)/\(name)"], isAnImage(index) {
                return .one(found[index].url, Found(name: name, isExact: true))
            }
        }
        var best = Match.none
        for path in ImagePath.spellings(of: name, stripping: stripped) {
            switch match(path, beside: folder) {
            case .one(let file, let how): return .one(file, how)
            case .none: break
            case let other: if best == .none { best = other }
            }
        }
        return best
    }

    private func isAnImage(_ index: Int) -> Bool {
        FileNames.hasImageSuffix(found[index].url.lastPathComponent) || isImage(found[index].url)
    }

    private func match(_ path: ImagePath, beside folder: String) -> Match {
        guard let last = path.steps.last else { return .none }
        let stem = FileNames.stem(last)
        var isElsewhere = false
        let tiers: [([Int]?, (String, String) -> Bool)] = [
            (byName[last], { $0 == $1 }), (byStem[stem], { FileNames.stem($0) == FileNames.stem($1) }),
            (byFoldedStem[stem.lowercased()], { FileNames.stem($0).lowercased() == FileNames.stem($1).lowercased() }),
        ]
        for (tier, (candidates, isSameFile)) in tiers.enumerated() {
            let candidates = (candidates ?? []).filter(isAnImage)
            guard !candidates.isEmpty else { continue }
            let fits = candidates.compactMap { index in
                path.fit(found[index].steps, inner: found[index].inner, isSameFile: isSameFile).map { (index: index, fit: $0) }
            }
            .filter { !isOfAnotherPart(found[$0.index], than: folder, $0.fit) }
            guard !fits.isEmpty else {
                isElsewhere = true
                continue
            }
            guard let chosen = Self.only(fits.filter(\.fit.isWhole)) ?? Self.only(fits) else { return .several }
            let inside = path.steps.suffix(chosen.fit.common).joined(separator: "/")
            let hasName = tier == 0 || (tier == 1 && !FileNames.hasImageSuffix(last))
            return .one(found[chosen.index].url, Found(name: inside, isExact: chosen.fit.isWhole && hasName))
        }
        return isElsewhere ? .elsewhere : .none
    }

    /// The one that agrees for most steps, where there is one.
    private static func only(_ fits: [(index: Int, fit: ImagePath.Fit)]) -> (index: Int, fit: ImagePath.Fit)? {
        let most = fits.map(\.fit.common).max()
        let best = fits.filter { $0.fit.common == most }
        return best.count == 1 ? best[0] : nil
    }

    /// Annotations that lie in the folder of one part of a split, as `train/_annotations.coco.json`, do not mean an image of another.
    private func isOfAnotherPart(_ file: File, than folder: String, _ fit: ImagePath.Fit) -> Bool {
        guard let part = PartNames.part(ofFolder: folder) else { return false }
        let above = file.steps.suffix(file.inner.max() ?? 0).dropLast(fit.common)
        guard let other = above.compactMap(PartNames.known).last else { return false }
        return other != part
    }
}
