import Basics
import Foundation

/// A chain of links in a file that only grows: one line of JSON a link. What was appended is on the disk when `append` returns; the file's tail
/// that a cut-off program left behind, half a line, is no link and is taken away before the next is written.
///
/// Beside it stands `NAME.head` with the number and the hash of the last link, so that links cut off at the end show.
public struct ChainFile<Link: ChainLink>: Sendable {
    public let url: URL
    /// What messages call a link: `event`, `entry`.
    private let word: String

    public init(_ url: URL, word: String) { (self.url, self.word) = (url, word) }

    private struct Head: Codable {
        var number: Int64
        var hash: String
    }

    private var headFile: URL { url.appendingPathExtension("head") }

    /// All links, each held against the one before.
    /// - Throws: `ChainError` of code `broken` that names the first link that is not as it was written, or is missing.
    public func read() throws -> [Link] {
        guard FileManager.default.fileExists(atPath: url.path) else {
            guard !FileManager.default.fileExists(atPath: headFile.path) else { throw broken(1, "is missing, as is the whole file") }
            return []
        }
        guard let bytes = try? Data(contentsOf: url) else { throw ChainError(.cannotRead, "\(url.lastPathComponent) cannot be read") }
        let lines = Self.wholeLines(bytes).split(separator: UInt8(ascii: "\n"))
        var (links, hash) = ([Link](), ChainHash.none)
        links.reserveCapacity(lines.count)
        let decoder = JSONDecoder()
        for line in lines {
            let number = Int64(links.count + 1)
            guard let link = try? decoder.decode(Link.self, from: line) else { throw broken(number, "cannot be read") }
            guard link.number == number, link.previousHash == hash else {
                throw broken(number, "is missing, or another stands in its place")
            }
            guard link.hash == link.expectedHash else { throw broken(number, "is not as it was written") }
            hash = link.hash
            links.append(link)
        }
        if let head = try? JSONDecoder().decode(Head.self, from: Data(contentsOf: headFile)) {
            // A link that is there and not in the head was written last, by a program that was cut off between the two.
            guard head.number <= Int64(links.count) else { throw broken(Int64(links.count + 1), "is missing") }
            if head.number > 0, links[Int(head.number) - 1].hash != head.hash { throw broken(head.number, "is not as it was written") }
        }
        return links
    }

    /// Adds links behind those that are there.
    /// - Throws: `ChainError` of code `cannotWrite`; what was there stays.
    public func append(_ links: [Link]) throws {
        guard let last = links.last else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes = Data()
        for link in links { bytes += try encoder.encode(link) + Data("\n".utf8) }
        try? FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw ChainError(.cannotWrite, "\(url.lastPathComponent): another program writes it")
        }
        let whole = Self.wholeLines((try? Data(contentsOf: url)) ?? Data()).count
        guard ftruncate(descriptor, off_t(whole)) == 0, lseek(descriptor, off_t(whole), SEEK_SET) >= 0 else { throw failure(errno) }
        if let number = Descriptor.write(bytes, to: descriptor) {
            ftruncate(descriptor, off_t(whole))
            throw failure(number)
        }
        guard fsync(descriptor) == 0 else { throw failure(errno) }
        do {
            try AtomicFile.write(encoder.encode(Head(number: last.number, hash: last.hash)), to: headFile)
        } catch {
            throw ChainError(.cannotWrite, "\(headFile.lastPathComponent) cannot be written")
        }
    }

    private static func wholeLines(_ bytes: Data) -> Data { bytes.prefix((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1) }

    private func broken(_ number: Int64, _ what: String) -> ChainError {
        ChainError(.broken, "\(url.lastPathComponent): \(word) \(number) \(what)")
    }

    private func failure(_ number: Int32) -> ChainError {
        ChainError(.cannotWrite, "\(url.lastPathComponent) cannot be written: \(Descriptor.reason(number))")
    }
}
