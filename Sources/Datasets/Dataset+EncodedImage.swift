import Foundation

/// Where an image lies in a file that holds many, such as a TFRecord shard.
public struct EmbeddedImage: Hashable, Sendable {
    public var container: URL
    /// Of its first byte.
    public var offset: Int
    /// In bytes.
    public var length: Int

    public init(container: URL, offset: Int, length: Int) {
        self.container = container
        self.offset = offset
        self.length = length
    }

    /// The encoded image; `nil` where the file cannot be opened or ends before the image does.
    package func bytes() -> Data? {
        guard offset >= 0, length > 0, let handle = try? FileHandle(forReadingFrom: container) else { return nil }
        defer { try? handle.close() }
        guard (try? handle.seek(toOffset: UInt64(offset))) != nil, let bytes = try? handle.read(upToCount: length), bytes.count == length
        else { return nil }
        return bytes
    }
}

extension Dataset {
    /// The image as it is encoded: its file, or its bytes in the records that the dataset was opened from. Safe to call from several
    /// threads at once.
    /// - Throws: `DatasetError` of code `missing`.
    public func encodedImage(of image: DatasetImage) throws -> Data {
        if let embedded = embedded[image.id] {
            guard let bytes = embedded.bytes() else {
                throw DatasetError(
                    .missing, "image \(image.id): \(embedded.container.lastPathComponent) ends before it or cannot be opened")
            }
            return bytes
        }
        guard let bytes = try? Data(contentsOf: url(of: image), options: .mappedIfSafe) else {
            throw DatasetError(.missing, "\(Self.imagesFolder)/\(image.fileName): it cannot be opened")
        }
        return bytes
    }
}

extension Dataset {
    /// Looks whether every image is still there: a folder of links may have outlived what they point to.
    /// - Throws: `DatasetError` of code `lost` with each that is not.
    package func checkImages() throws {
        var problems = ProblemList()
        for image in images where embedded[image.id] == nil && !FileManager.default.isReadableFile(atPath: url(of: image).path) {
            problems.append("\(Self.imagesFolder)/\(image.fileName) is not there any more, or cannot be opened")
        }
        guard problems.isEmpty else { throw DatasetError(.lost, problems: problems) }
    }
}
