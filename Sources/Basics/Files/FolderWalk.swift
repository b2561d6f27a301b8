import Foundation

/// The files below a folder.
package enum FolderWalk {
    /// More than any dataset has; of more, those that come first are taken.
    package static let maximumFiles = 5_000_000

    /// All regular files below a folder, by path. Links are followed, as `images/` is often one, and no folder is entered twice.
    package static func files(in folder: URL) -> [URL] {
        var names: [String] = []
        var entered: Set<String> = []
        walk(folder, prefix: "", &names, &entered)
        return names.sorted().map { folder.appendingPathComponent($0) }
    }

    private static func walk(_ folder: URL, prefix: String, _ names: inout [String], _ entered: inout Set<String>) {
        // A walk does not begin at a link.
        let root = folder.resolvingSymlinksInPath().path
        guard entered.insert(root).inserted,
            // Paths rather than URLs with properties: a hundred thousand of those take seconds.
            let walk = FileManager.default.enumerator(atPath: root)
        else { return }
        while let name = walk.nextObject() as? String, names.count < maximumFiles {
            let isHidden = (name as NSString).lastPathComponent.hasPrefix(".")
            switch walk.fileAttributes?[.type] as? FileAttributeType {
            case .typeDirectory?:
                if isHidden { walk.skipDescendants() }
            case .typeRegular?:
                if !isHidden { names.append(prefix + name) }
            case .typeSymbolicLink? where !isHidden:
                let target = folder.appendingPathComponent(name)
                switch kind(of: target) {
                case .folder: Self.walk(target, prefix: prefix + name + "/", &names, &entered)
                case .file: names.append(prefix + name)
                case .other: break
                }
            // A pipe or a device would be waited for without end.
            default: break
            }
        }
    }

    package enum Kind { case file, folder, other }

    /// What is at a path, links followed.
    package static func kind(of url: URL) -> Kind {
        var status = stat()
        guard stat(url.path, &status) == 0 else { return .other }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }
}
