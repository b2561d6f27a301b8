import Foundation

/// A file or a folder to import from, as formats look at it.
public struct AnnotationSource: Sendable {
    public let url: URL
    public let isFolder: Bool
    /// The source itself where it is a file; else the folder's files, with those of its sub-folders, by path, in order; no more than
    /// `maximumFiles` and never the contents of `.hidden` folders.
    public let files: [URL]
    /// Further folders with images.
    public let imageFolders: [URL]
    /// A label map given beside the source.
    public let labelMap: URL?
    /// How many folders are left out at the beginning of every path that annotations name.
    public var strippedFolders = 0
    /// Asks the content of a file whose suffix says nothing; `DatasetImporter` asks its inspector.
    var isImage: @Sendable (URL) -> Bool = RasterInspector().isImage

    static let maximumFiles = 5_000_000

    /// - Throws: `DatasetError` of code `missing`.
    public init(_ url: URL, imageFolders: [URL] = [], labelMap: URL? = nil) throws {
        self.url = url
        self.imageFolders = imageFolders
        self.labelMap = labelMap
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
            throw DatasetError(.missing, "there is no such file or folder")
        }
        isFolder = isDirectory.boolValue
        guard Self.kind(of: url) != .other else { throw DatasetError(.malformed, "neither a file nor a folder") }
        files = isFolder ? Self.files(in: url) : [url]
    }

    /// All regular files below a folder, by path. Links are followed, as `images/` is often one, and no folder is entered twice.
    static func files(in folder: URL) -> [URL] {
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

    private enum Kind { case file, folder, other }

    /// What is at a path, links followed.
    private static func kind(of url: URL) -> Kind {
        var status = stat()
        guard stat(url.path, &status) == 0 else { return .other }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// Files with one of these suffixes, whatever their case.
    public func files(withSuffix suffixes: String...) -> [URL] { files.filter { suffixes.contains($0.pathExtension.lowercased()) } }

    /// The first `count` bytes of a file; empty where it cannot be opened.
    public static func head(of url: URL, count: Int = 65_536) -> Data {
        guard let handle = try? FileHandle(forReadingFrom: url) else { return Data() }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: count)) ?? Data()
    }

    /// For messages: the path inside the source, or the file's own name.
    public func name(of file: URL) -> String {
        let (path, root) = (file.standardizedFileURL.path, url.standardizedFileURL.path + "/")
        return isFolder && path.hasPrefix(root) ? String(path.dropFirst(root.count)) : file.lastPathComponent
    }

    /// The whole of a file.
    /// - Throws: `DatasetError` naming it.
    public func bytes(of file: URL) throws -> Data {
        guard let bytes = try? Data(contentsOf: file, options: .mappedIfSafe) else {
            throw DatasetError(.missing, "\(name(of: file)) cannot be opened")
        }
        return bytes
    }
}
