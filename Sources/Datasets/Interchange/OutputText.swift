import Foundation

/// A text file written piece by piece, so that a large one never sits in memory. It lies in a folder that gets its name when all is
/// written, so a file that was cut off is never seen.
final class OutputText {
    private let handle: FileHandle
    private var buffer = Data()

    /// - Throws: `DatasetError` of code `cannotWrite`.
    init(_ url: URL) throws {
        do {
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: url)
            handle = try FileHandle(forWritingTo: url)
        } catch {
            throw DatasetError(.cannotWrite, "\(url.lastPathComponent) cannot be written")
        }
    }

    func line(_ text: String) throws { try write(text + "\n") }

    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Call it last.
    func finish() throws {
        try flush()
        try? handle.close()
    }

    private func flush() throws {
        do {
            try handle.write(contentsOf: buffer)
        } catch {
            throw DatasetError(.cannotWrite, "the disk takes no more")
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
