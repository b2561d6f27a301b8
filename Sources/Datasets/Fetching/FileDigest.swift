import Crypto
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
        var (sha256, sha1, md5) = (SHA256(), Insecure.SHA1(), Insecure.MD5())
        var count = 0
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            sha256.update(data: piece)
            if algorithms.contains(.sha1) { sha1.update(data: piece) }
            if algorithms.contains(.md5) { md5.update(data: piece) }
            count += piece.count
            progress(piece.count)
        }
        byteCount = count
        var sums = [PublishedSum.Algorithm.sha256: Self.hexadecimal(sha256.finalize())]
        if algorithms.contains(.sha1) { sums[.sha1] = Self.hexadecimal(sha1.finalize()) }
        if algorithms.contains(.md5) { sums[.md5] = Self.hexadecimal(md5.finalize()) }
        self.sums = sums
    }

    /// Whether this is the file that the publisher means.
    func mismatch(_ file: RemoteFile) -> String? {
        if let expected = file.byteCount, expected != byteCount { return "it has \(byteCount) bytes, \(expected) are published" }
        for sum in file.sums where sums[sum.algorithm] != sum.hexadecimal {
            return "its \(sum.algorithm.rawValue) sum is not the published one"
        }
        return nil
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
