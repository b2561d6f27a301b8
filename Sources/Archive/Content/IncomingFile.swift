import Basics
import Foundation
import Synchronization

/// Bytes that are being received. They have no place until `keep()`; a file that is given up before leaves nothing.
public final class IncomingFile: Sendable {
    // Values throughout; the digest's C state is not known to be one.
    private struct State: @unchecked Sendable {
        var descriptor: Int32?
        var digest = Digest.Builder()
        /// Where somebody has computed it already.
        var knownDigest: String?
        var count = 0

        var sum: String { knownDigest ?? digest.digest.hexadecimal }
    }

    private let store: ContentStore
    private let temporary: URL
    private let state: Mutex<State>

    /// - Throws: `ArchiveError` of code `noSpace` or `cannotWrite`.
    public init(in store: ContentStore) throws {
        self.store = store
        temporary = store.incoming.appendingPathComponent(UUID().uuidString)
        let opened = open(temporary.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw Self.error(errno) }
        state = Mutex(State(descriptor: opened))
    }

    /// Takes a file that somebody has received whole into `store.incoming`. Whatever becomes of it, it does not stay there.
    /// - Parameter sha256: In hexadecimal, of the whole file, where whoever received it knows it.
    /// - Throws: `ArchiveError` of code `cannotRead`.
    public init(adopting path: String, sha256: String? = nil, in store: ContentStore) throws {
        self.store = store
        temporary = URL(fileURLWithPath: path)
        let opened = open(path, O_RDWR | O_CLOEXEC)
        guard opened >= 0 else { throw ArchiveError(.cannotRead, "what was received cannot be read again") }
        var (state, status) = (State(descriptor: opened), stat())
        do {
            guard fstat(opened, &status) == 0 else { throw CocoaError(.fileReadUnknown) }
            if sha256 == nil { state.digest.update(try Data(contentsOf: temporary, options: .mappedIfSafe)) }
            (state.knownDigest, state.count) = (sha256, Int(status.st_size))
        } catch {
            close(opened)
            throw ArchiveError(.cannotRead, "what was received cannot be read again")
        }
        self.state = Mutex(state)
    }

    deinit { giveUp() }

    public var count: Int { state.withLock { $0.count } }
    /// Where the bytes lie until they are kept.
    public var path: String { temporary.path }

    public func write(_ bytes: some ContiguousBytes) throws {
        try state.withLock { state in
            guard let descriptor = state.descriptor, state.knownDigest == nil else { throw Self.finished }
            if let number = Descriptor.write(bytes, to: descriptor) { throw Self.error(number) }
            state.digest.update(bytes)
            state.count += bytes.withUnsafeBytes(\.count)
        }
    }

    /// All bytes so far, mapped from the file.
    public func bytes() throws -> Data {
        do {
            return try Data(contentsOf: temporary, options: .mappedIfSafe)
        } catch {
            throw ArchiveError(.cannotRead, "what was received cannot be read again")
        }
    }

    /// SHA-256 of the bytes so far, in hexadecimal.
    public var digestSoFar: String { state.withLock { $0.sum } }

    /// Gives the bytes their place, and waits until they and their name are on the disk.
    /// - Returns: Their SHA-256 in hexadecimal.
    public func keep() throws -> String {
        try state.withLock { state in
            guard let descriptor = state.descriptor else { throw Self.finished }
            let sum = state.sum
            let place = store.url(of: sum)
            let folder = place.deletingLastPathComponent()
            guard fsync(descriptor) == 0 else { throw Self.error(errno) }
            if mkdir(folder.path, 0o700) == 0 {
                try Self.synchronise(folder.deletingLastPathComponent())
            } else if errno != EEXIST {
                throw Self.error(errno)
            }
            // Whoever has the name already has the same bytes; it may have been damaged since, and is then mended by this.
            guard rename(temporary.path, place.path) == 0 else { throw Self.error(errno) }
            close(descriptor)
            state.descriptor = nil
            try Self.synchronise(folder)
            return sum
        }
    }

    /// Leaves nothing behind.
    public func giveUp() {
        state.withLock { state in
            guard let descriptor = state.descriptor else { return }
            close(descriptor)
            unlink(temporary.path)
            state.descriptor = nil
        }
    }

    private static let finished = ArchiveError(.cannotWrite, "the file is finished already")

    /// A new name is on the disk when its folder is.
    static func synchronise(_ folder: URL) throws {
        let opened = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw error(errno) }
        defer { close(opened) }
        guard fsync(opened) == 0 else { throw error(errno) }
    }

    private static func error(_ number: Int32) -> ArchiveError {
        number == ENOSPC || number == EDQUOT
            ? ArchiveError(.noSpace, "the disk is full")
            : ArchiveError(.cannotWrite, "the file cannot be kept: \(Descriptor.reason(number))")
    }
}
