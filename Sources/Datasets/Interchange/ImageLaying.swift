import Foundation

/// Puts a dataset's images into a folder, as links or as copies.
struct ImageLaying {
    let copies: Bool

    init(_ options: ExportOptions) { copies = options.copiesImages }
    init(copies: Bool) { self.copies = copies }

    /// All images under their own names.
    func lay(_ dataset: Dataset, in folder: URL) throws {
        for image in dataset.images { try lay(dataset.url(of: image), at: folder.appendingPathComponent(image.fileName)) }
    }

    /// - Throws: `DatasetError` of code `cannotWrite`.
    func lay(_ file: URL, at target: URL) throws {
        let manager = FileManager.default
        do {
            let parent = target.deletingLastPathComponent()
            if !manager.fileExists(atPath: parent.path) { try manager.createDirectory(at: parent, withIntermediateDirectories: true) }
            let source = file.resolvingSymlinksInPath()
            if copies {
                try manager.copyItem(at: source, to: target)
            } else {
                try manager.createSymbolicLink(at: target, withDestinationURL: source.absoluteURL.standardizedFileURL)
            }
        } catch {
            throw DatasetError(.cannotWrite, "the images cannot be laid into \(target.deletingLastPathComponent().lastPathComponent)/")
        }
    }
}
