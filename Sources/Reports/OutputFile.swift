import Foundation
import Synchronization

/// A file written piece by piece under a temporary name beside its place, which it takes only when complete.
///
/// A run that is cut off leaves whatever stood under the final name as it was.
public final class OutputFile {
    public let url: URL
    private let temporary: URL
    private var handle: FileHandle?

    /// Makes the folder where it is missing.
    /// - Throws: `ReportError` of code `cannotWrite`.
    public init(_ url: URL) throws {
        self.url = url
        let folder = url.deletingLastPathComponent()
        temporary = folder.appendingPathComponent(".pleura-\(UUID().uuidString).partial")
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory), isDirectory.boolValue {
            throw ReportError(.cannotWrite, "\(url.path) is a directory")
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // `createFile` says only that it failed; this says so by throwing, and never follows a file already there.
            try Data().write(to: temporary, options: .withoutOverwriting)
            handle = try FileHandle(forWritingTo: temporary)
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw ReportError(.cannotWrite, "\(folder.path) does not take new files")
        }
    }

    deinit {
        guard handle != nil else { return }
        try? handle?.close()
        try? FileManager.default.removeItem(at: temporary)
    }

    /// - Throws: `ReportError` where the disk is full, or after `finish()`.
    public func write(_ bytes: Data) throws {
        guard let handle else { throw ReportError(.alreadyFinished, url.lastPathComponent) }
        do {
            try handle.write(contentsOf: bytes)
        } catch {
            throw ReportError(.cannotWrite, "\(url.path) cannot be written to the end")
        }
    }

    public func write(_ text: String) throws { try write(Data(text.utf8)) }

    /// Gives the file its name, in place of what had it.
    /// - Parameter synchronises: Whether to wait until it is on the disk; of many files, wait once for all (`synchronise`).
    public func finish(synchronises: Bool = true) throws {
        guard let handle else { throw ReportError(.alreadyFinished, url.lastPathComponent) }
        do {
            // Else a crash of the machine could leave the new name with nothing behind it.
            if synchronises { try handle.synchronize() }
            try handle.close()
        } catch {
            throw ReportError(.cannotWrite, "\(url.path) cannot be written to the end")
        }
        guard rename(temporary.path, url.path) == 0 else { throw ReportError(.cannotWrite, "\(url.path) cannot be put in place") }
        self.handle = nil
    }

    /// Writes a whole file.
    public static func write(_ bytes: Data, to url: URL, synchronises: Bool = true) throws {
        let file = try OutputFile(url)
        try file.write(bytes)
        try file.finish(synchronises: synchronises)
    }

    /// Waits until files are on the disk, many at once: for a thousand pictures far sooner than one after another while they are made.
    /// - Throws: `ReportError` where the disk says that one is not.
    public static func synchronise(_ files: [URL]) throws {
        let parts = 8
        let failed = Mutex<URL?>(nil)
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            for index in stride(from: part, to: files.count, by: parts) {
                let descriptor = open(files[index].path, O_RDONLY)
                // Gone already: somebody tidied up, and nothing is half there.
                guard descriptor >= 0 else { continue }
                if fsync(descriptor) != 0 { failed.withLock { $0 = files[index] } }
                close(descriptor)
            }
        }
        if let file = failed.withLock({ $0 }) { throw ReportError(.cannotWrite, "\(file.path) cannot be written to the end") }
    }
}
