import Basics
import Datasets
import Foundation

/// A file or a folder to import from, as formats look at it.
public struct AnnotationSource: Sendable {
    public let url: URL
    public let isFolder: Bool
    /// The source itself where it is a file; else the folder's files, with those of its sub-folders, by path, in order; no more than
    /// `FolderWalk.maximumFiles` and never the contents of `.hidden` folders.
    public let files: [URL]
    /// Further folders with images.
    public let imageFolders: [URL]
    /// A label map given beside the source.
    public let labelMap: URL?
    /// How many folders are left out at the beginning of every path that annotations name.
    public var strippedFolders = 0
    /// Asks the content of a file whose suffix says nothing; `DatasetImporter` asks its inspector.
    package var isImage: @Sendable (URL) -> Bool = RasterInspector().isImage

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
        guard FolderWalk.kind(of: url) != .other else { throw DatasetError(.malformed, "neither a file nor a folder") }
        files = isFolder ? FolderWalk.files(in: url) : [url]
    }

    /// Files with one of these suffixes, whatever their case.
    public func files(withSuffix suffixes: String...) -> [URL] { files.filter { suffixes.contains($0.pathExtension.lowercased()) } }

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
