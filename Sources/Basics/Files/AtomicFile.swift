import Foundation

/// A file written piece by piece under a temporary name beside its place, which it takes only when complete, from whatever had it.
///
/// A program that is cut off leaves what stood there as it was. One that is given up before `finish()` leaves nothing behind.
package final class AtomicFile {
    /// Makes of what went wrong the error to throw, so that each room throws one of its own.
    package typealias Failure = (FileError) -> any Error

    private let target: URL
    private let name: String
    private let asThrown: Failure
    private let temporary: URL
    private var descriptor: Int32?

    /// - Parameters:
    ///   - makesFolder: Whether its folder is made where it is missing.
    ///   - name: What messages call it; the file's own name if not given.
    ///   - failure: The `FileError` itself, of code `cannotWrite`, is thrown if not given.
    package init(_ url: URL, makesFolder: Bool = true, called name: String? = nil, failure: @escaping Failure = { $0 }) throws {
        target = url
        self.name = name ?? url.lastPathComponent
        asThrown = failure
        let folder = url.deletingLastPathComponent()
        temporary = folder.appendingPathComponent(".pleura-\(UUID().uuidString).partial")
        if makesFolder { try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
        // Never follows a file already there.
        let opened = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw self.failure("\(folder.path) does not take new files: \(Descriptor.reason(errno))") }
        descriptor = opened
    }

    deinit {
        guard let descriptor else { return }
        close(descriptor)
        unlink(temporary.path)
    }

    package func write(_ bytes: some ContiguousBytes) throws {
        guard let descriptor else { throw failure("\(name) is finished already") }
        if let number = Descriptor.write(bytes, to: descriptor) { throw cutOff(number) }
    }

    /// Gives the file its name.
    /// - Parameters:
    ///   - synchronises: Whether to wait until it is on the disk; else a crash of the machine could leave the new name with nothing behind it.
    ///   - check: Asked last, since what has the place may have come there while the file was written.
    package func finish(synchronises: Bool = true, check: () throws -> Void = {}) throws {
        guard let descriptor else { throw failure("\(name) is finished already") }
        if synchronises, fsync(descriptor) != 0 { throw cutOff(errno) }
        try check()
        self.descriptor = nil
        guard close(descriptor) == 0 else {
            let number = errno
            unlink(temporary.path)
            throw cutOff(number)
        }
        guard rename(temporary.path, target.path) == 0 else {
            let number = errno
            unlink(temporary.path)
            throw failure("\(name) cannot be put in place: \(Descriptor.reason(number))")
        }
    }

    private func failure(_ reason: String) -> any Error { asThrown(FileError(.cannotWrite, reason)) }

    private func cutOff(_ number: Int32) -> any Error {
        failure("\(name) cannot be written to the end: \(Descriptor.reason(number))")
    }

    /// Writes a whole file.
    package static func write(
        _ bytes: some ContiguousBytes, to url: URL, called name: String? = nil, synchronises: Bool = true,
        failure: @escaping Failure = { $0 }
    ) throws {
        let file = try AtomicFile(url, called: name, failure: failure)
        try file.write(bytes)
        try file.finish(synchronises: synchronises)
    }
}
