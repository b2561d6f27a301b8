import Basics
import Findings
import Foundation
import Reports

/// The file of a part: a head, then a line for each image that is done, in the order in which they were done, each written when it is done.
///
/// A program that is cut off leaves whole lines and at most one that is not; the next one takes that away and goes on behind it. While it is open
/// nobody else can have it.
public final class ShardFile {
    private let descriptor: Int32
    private let name: String
    /// Places in the list of the images that are done.
    public private(set) var done = Set<Int>()

    /// - Parameter resumes: Whether a file that is there is gone on with; else it is an error.
    /// - Throws: `BatchError`.
    public init(_ shard: Shard, in folder: URL, head: ShardHead, resumes: Bool) throws(BatchError) {
        name = shard.fileName
        let path = folder.appendingPathComponent(name).path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0o666)
        guard descriptor >= 0 else { throw BatchError(.cannotUse, "\(name) cannot be opened: \(Descriptor.reason(errno))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw BatchError(.inUse, "another program works on \(name)") }
        let lines = try ShardLines(path: path, name: name)
        guard let there = lines.head else {
            // New, or cut off within its first line.
            guard ftruncate(descriptor, 0) == 0 else { throw failure(errno) }
            try write(Self.encoded(head))
            return
        }
        guard resumes else { throw BatchError(.inUse, "\(name) is there already; --resume goes on with it") }
        if let difference = there.difference(from: head) { throw BatchError(.otherBatch, "\(name): \(difference)") }
        for entry in lines.entries { done.insert(entry.index) }
        guard ftruncate(descriptor, off_t(lines.wholeBytes)) == 0 else { throw failure(errno) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Notes that an image is done.
    /// - Parameter index: Its place in the list.
    /// - Throws: `BatchError`; `ReportError` where a number is not finite.
    public func append(_ image: ImageFindings, at index: Int, hasOutlines: Bool) throws {
        try write(Data((ShardLines.beginning(index) + FindingsJSON.entry(image, hasOutlines: hasOutlines) + "}\n").utf8))
        done.insert(index)
    }

    /// Waits until all is on the disk.
    /// - Throws: `BatchError`.
    public func finish() throws(BatchError) { guard fsync(descriptor) == 0 else { throw failure(errno) } }

    private func write(_ bytes: Data) throws(BatchError) {
        if let number = Descriptor.write(bytes, to: descriptor) { throw failure(number) }
    }

    private func failure(_ number: Int32) -> BatchError {
        BatchError(.cannotUse, "\(name) cannot be written to the end: \(Descriptor.reason(number))")
    }

    private static func encoded(_ head: ShardHead) throws(BatchError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(head) else { throw BatchError(.cannotUse, "the head of a part cannot be written") }
        return bytes + Data("\n".utf8)
    }
}
