import Basics
import Foundation

/// A text file written piece by piece, so that a large one never sits in memory. It gets its name when all is written.
package final class OutputText {
    private let file: AtomicFile
    private var buffer = Data()

    /// - Throws: `DatasetError` of code `cannotWrite`.
    package init(_ url: URL) throws {
        file = try AtomicFile(url) { DatasetError($0) }
    }

    package func line(_ text: String) throws { try write(text + "\n") }

    package func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Call it last.
    package func finish() throws {
        try flush()
        try file.finish(synchronises: false)
    }

    private func flush() throws {
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
