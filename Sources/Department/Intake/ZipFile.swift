import Archive
import CZip
import Foundation
import Synchronization

/// A ZIP archive that a stranger sent, read entry by entry through libzip. Nothing of it is unpacked under a name that it chose.
///
/// Headers can lie about sizes, so what is counted is what comes out: an archive of a few kilobytes can hold gigabytes.
final class ZipFile: Sendable {
    struct Limits: Sendable {
        /// Entries, folders among them.
        var entries = 20_000
        /// Bytes of one entry, unpacked.
        var entryBytes = 512 << 20
        /// Bytes of all entries, unpacked.
        var totalBytes = 16 << 30
        /// Unpacked bytes for each packed one, once an entry is over a megabyte. Deflate can do a thousand; radiographs do ten.
        var ratio = 200
    }

    struct Entry: Hashable, Sendable {
        let index: UInt64
        /// The last part of its path.
        let name: String
    }

    private struct State {
        var handle: OpaquePointer
        var unpacked = 0
    }

    private let state: Mutex<State>
    private let limits: Limits
    /// Entries that are no folders, in the archive's order.
    let entries: [Entry]

    static func recognises(_ bytes: Data) -> Bool {
        bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    /// - Throws: `DepartmentError`: damaged, too many entries.
    init(path: String, limits: Limits) throws {
        var code: Int32 = 0
        guard let opened = zip_open(path, ZIP_RDONLY, &code) else { throw DepartmentError(.unreadable, "a damaged ZIP archive") }
        let count = max(0, zip_get_num_entries(opened, 0))
        guard count <= limits.entries else {
            zip_discard(opened)
            throw DepartmentError(.tooLarge, "a ZIP archive of \(count) entries; \(limits.entries) are taken at most")
        }
        entries = (0..<UInt64(count)).compactMap { index in
            // Names in no known encoding are guessed by libzip; they are shown, and lead nowhere.
            guard let raw = zip_get_name(opened, index, 0) else { return nil }
            let path = String(cString: raw)
            let name = path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? "unnamed"
            // Folders, and what a Mac puts beside the files.
            guard !path.hasSuffix("/"), !path.hasPrefix("__MACOSX/"), name != ".DS_Store", !name.hasPrefix("._") else { return nil }
            return Entry(index: index, name: name)
        }
        self.limits = limits
        state = Mutex(State(handle: opened))
    }

    deinit { state.withLock { zip_discard($0.handle) } }

    /// Unpacks an entry.
    /// - Parameter write: Gets its bytes, piece by piece.
    /// - Throws: `DepartmentError`: damaged, encrypted, too large; what `write` throws.
    func unpack(_ entry: Entry, _ write: (Data) throws -> Void) throws {
        try state.withLock { state in
            var facts = zip_stat_t()
            zip_stat_init(&facts)
            guard zip_stat_index(state.handle, entry.index, 0, &facts) == 0 else {
                throw DepartmentError(.unreadable, "a damaged entry of the ZIP archive")
            }
            if facts.valid & UInt64(ZIP_STAT_ENCRYPTION_METHOD) != 0, facts.encryption_method != 0 {
                throw DepartmentError(.unreadable, "an encrypted entry of the ZIP archive")
            }
            let packed = facts.valid & UInt64(ZIP_STAT_COMP_SIZE) != 0 ? Int(clamping: facts.comp_size) : 0
            guard let file = zip_fopen_index(state.handle, entry.index, 0) else {
                throw DepartmentError(.unreadable, "an entry of the ZIP archive that cannot be unpacked")
            }
            defer { zip_fclose(file) }
            var count = 0
            var buffer = Data(count: 1 << 18)
            while true {
                let read = buffer.withUnsafeMutableBytes { space in
                    space.baseAddress.map { zip_fread(file, $0, UInt64(space.count)) } ?? -1
                }
                guard read >= 0 else { throw DepartmentError(.unreadable, "a damaged entry of the ZIP archive") }
                guard read > 0 else { return }
                count += Int(read)
                state.unpacked += Int(read)
                try check(count: count, packed: packed, unpacked: state.unpacked)
                try write(buffer.prefix(Int(read)))
            }
        }
    }

    private func check(count: Int, packed: Int, unpacked: Int) throws {
        guard count <= limits.entryBytes else {
            throw DepartmentError(.tooLarge, "an entry of the ZIP archive of more than \(limits.entryBytes >> 20) MB")
        }
        guard unpacked <= limits.totalBytes else {
            throw DepartmentError(.tooLarge, "a ZIP archive of more than \(limits.totalBytes >> 20) MB, unpacked")
        }
        guard count < 1 << 20 || count <= max(1, packed) * limits.ratio else {
            throw DepartmentError(.tooLarge, "an entry of the ZIP archive that unpacks to more than \(limits.ratio) times its size")
        }
    }
}
