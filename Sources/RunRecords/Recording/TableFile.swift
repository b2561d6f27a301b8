import Foundation
import TrainingExamples

/// A CSV file that grows by a row at a time, the first column being the step.
final class TableFile {
    private let handle: FileHandle
    private let name: String

    /// Keeps the rows before `step`, for a run that goes on writes those after again.
    init(_ url: URL, header: String, beforeStep step: Int) throws {
        name = url.lastPathComponent
        let old = step > 0 ? (try? String(contentsOf: url, encoding: .utf8)) ?? "" : ""
        let rows = old.split(separator: "\n").dropFirst().filter { Int($0.prefix { $0 != "," }) ?? step < step }
        do {
            try (header + rows.map { $0 + "\n" }.joined()).write(to: url, atomically: true, encoding: .utf8)
            handle = try FileHandle(forWritingTo: url)
            try handle.seekToEnd()
        } catch {
            throw TrainingError(.cannotWrite, "\(name) cannot be written")
        }
    }

    deinit { try? handle.close() }

    func append(_ row: String) throws {
        do {
            try handle.write(contentsOf: Data(row.utf8))
        } catch {
            throw TrainingError(.cannotWrite, "\(name) cannot be written (is the disk full?)")
        }
    }

    /// The columns of such a file; what is no number is NaN.
    static func numbers(_ url: URL) throws -> [(name: String, values: [Double])] {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            throw TrainingError(.missing, "\(url.lastPathComponent) cannot be read")
        }
        let rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let header = rows.first else { return [] }
        return header.enumerated().map { column, name in
            (String(name), rows.dropFirst().map { column < $0.count ? Double($0[column]) ?? .nan : .nan })
        }
    }
}
