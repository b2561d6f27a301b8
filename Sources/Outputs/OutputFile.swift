import Basics
import Foundation
import Synchronization

/// A file written piece by piece under a temporary name beside its place, which it takes only when complete.
///
/// A run that is cut off leaves whatever stood under the final name as it was. It takes the place of files that Pleura wrote, and of no other. A link
/// is followed; a pipe or device is written into as it is.
public final class OutputFile {
    public let url: URL
    private var sink: Sink?

    private enum Sink {
        case file(AtomicFile, path: String)
        /// A pipe, a device or a stream that is open already.
        case stream(Int32)
    }

    /// Makes the folder where it is missing.
    /// - Throws: `ReportError` of code `cannotWrite`, or `inTheWay` where a file is there that Pleura did not write.
    public init(_ url: URL) throws {
        self.url = url
        switch try OutputPlace(url.path) {
        case .file(let path):
            if let refusal = OutputPlaces.refusal(path, called: url.path) { throw refusal }
            let file = try AtomicFile(URL(fileURLWithPath: path), called: url.path) { ReportError(.cannotWrite, $0.reason) }
            sink = .file(file, path: path)
        case .device(let path): sink = .stream(try Self.opened(open(path, O_WRONLY | O_CLOEXEC), url))
        case .descriptor(let number): sink = .stream(try Self.opened(dup(number), url))
        }
    }

    private static func opened(_ descriptor: Int32, _ url: URL) throws -> Int32 {
        guard descriptor >= 0 else { throw ReportError(.cannotWrite, "\(url.path) cannot be opened: \(Descriptor.reason(errno))") }
        return descriptor
    }

    deinit {
        if case .stream(let descriptor) = sink { close(descriptor) }
    }

    /// - Throws: `ReportError` where the disk is full or a pipe's reader has gone, or after `finish()`.
    public func write(_ bytes: Data) throws {
        switch sink {
        case nil: throw ReportError(.alreadyFinished, url.lastPathComponent)
        case .file(let file, _): try file.write(bytes)
        case .stream(let descriptor): if let number = Descriptor.write(bytes, to: descriptor) { throw cutOff(number) }
        }
    }

    public func write(_ text: String) throws { try write(Data(text.utf8)) }

    /// Gives the file its name, in place of what had it.
    /// - Parameter synchronises: Whether to wait until it is on the disk; of many files, wait once for all (`synchronise`).
    public func finish(synchronises: Bool = true) throws {
        switch sink {
        case nil: throw ReportError(.alreadyFinished, url.lastPathComponent)
        case .file(let file, let path):
            try file.finish(synchronises: synchronises) {
                // What came there since the file was begun stays, too.
                if let refusal = OutputPlaces.refusal(path, called: url.path) { throw refusal }
            }
            sink = nil
        case .stream(let descriptor):
            sink = nil
            guard close(descriptor) == 0 else { throw cutOff(errno) }
        }
    }

    private func cutOff(_ number: Int32) -> ReportError {
        ReportError(.cannotWrite, "\(url.path) cannot be written to the end: \(Descriptor.reason(number))")
    }

    /// Writes a whole file.
    public static func write(_ bytes: Data, to url: URL, synchronises: Bool = true) throws {
        let file = try OutputFile(url)
        try file.write(bytes)
        try file.finish(synchronises: synchronises)
    }

    /// A whole report to where `--json` and its like say: `-` is standard output.
    package static func write(_ bytes: Data, toFileOrStandardOutput name: String) throws {
        name == "-" ? StandardOutput.write(bytes) : try write(bytes, to: URL(fileURLWithPath: name))
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
