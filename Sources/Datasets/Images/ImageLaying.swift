import Foundation

/// Puts a dataset's images into a folder, as links or as copies.
package struct ImageLaying {
    package let copies: Bool

    package init(copies: Bool) { self.copies = copies }

    /// All images under their own names.
    package func lay(_ dataset: Dataset, in folder: URL) throws {
        for image in dataset.images { try lay(image, of: dataset, at: folder.appendingPathComponent(image.fileName)) }
    }

    /// One image.
    package func lay(_ image: DatasetImage, of dataset: Dataset, at target: URL) throws {
        if dataset.embedded[image.id] == nil {
            try lay(dataset.url(of: image), at: target)
        } else {
            try lay(dataset.encodedImage(of: image), at: target)
        }
    }

    /// An image that has no file of its own gets one. Foundation's own way waits for the disk after each file, which takes minutes where
    /// there are many; the folder gets its name when all are written.
    /// - Throws: `DatasetError` of code `cannotWrite`.
    package func lay(_ encoded: Data, at target: URL) throws {
        let manager = FileManager.default
        let parent = target.deletingLastPathComponent()
        if !manager.fileExists(atPath: parent.path) { try? manager.createDirectory(at: parent, withIntermediateDirectories: true) }
        let descriptor = open(target.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.refusal(target) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: encoded)
            try handle.close()
        } catch {
            throw Self.refusal(target)
        }
    }

    private static func refusal(_ target: URL) -> DatasetError {
        DatasetError(.cannotWrite, "the images cannot be laid into \(target.deletingLastPathComponent().lastPathComponent)/")
    }

    /// - Throws: `DatasetError` of code `cannotWrite`.
    package func lay(_ file: URL, at target: URL) throws {
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
            throw Self.refusal(target)
        }
    }
}
