import Basics
import Foundation

/// A text file written piece by piece, so that a large one never sits in memory. It gets its name when all is written.
final class OutputText {
    private let file: AtomicFile
    private var buffer = Data()

    /// - Throws: `DatasetError` of code `cannotWrite`.
    init(_ url: URL) throws {
        file = try AtomicFile(url) { DatasetError($0) }
    }

    func line(_ text: String) throws { try write(text + "\n") }

    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Call it last.
    func finish() throws {
        try flush()
        try file.finish(synchronises: false)
    }

    private func flush() throws {
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
