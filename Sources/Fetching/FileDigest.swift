import Basics
import Foundation

/// The sums of a file on disk, read once in pieces.
struct FileDigest {
    let byteCount: Int
    /// Lower-case hexadecimal; SHA-256 is always there.
    private let sums: [PublishedSum.Algorithm: String]

    var sha256: String { sums[.sha256] ?? "" }

    /// - Parameters:
    ///   - algorithms: Those wanted beside SHA-256.
    ///   - progress: Told how many bytes each piece had.
    /// - Throws: What reading throws.
    init(_ url: URL, algorithms: Set<PublishedSum.Algorithm> = [], progress: (Int) -> Void = { _ in }) throws {
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        var builders = algorithms.union([.sha256]).map { ($0, Digest.Builder($0)) }
        var count = 0
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            for index in builders.indices { builders[index].1.update(piece) }
            count += piece.count
            progress(piece.count)
        }
        byteCount = count
        sums = Dictionary(builders.map { ($0, $1.digest.hexadecimal) }) { first, _ in first }
    }

    /// Whether this is the file that the publisher means.
    func mismatch(_ file: RemoteFile) -> String? {
        if let expected = file.byteCount, expected != byteCount { return "it has \(byteCount) bytes, \(expected) are published" }
        for sum in file.sums where sums[sum.algorithm] != sum.hexadecimal {
            return "its \(sum.algorithm.rawValue) sum is not the published one"
        }
        return nil
    }
}
