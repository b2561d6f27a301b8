import Basics
import Foundation

/// A list of SHA-256 sums in the format of `sha256sum`, so that `sha256sum -c checksums.sha256` checks a bundle too.
struct Checksums {
    /// By file name.
    let sums: [String: String]

    init(_ files: [String: Data]) { sums = files.mapValues(Self.sum) }

    /// - Throws: `ModelError` where a line is not a sum, two spaces (or a space and an asterisk) and a name.
    init(text: Data) throws {
        var sums: [String: String] = [:]
        for line in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let sum = line.prefix(64)
            let mark = line.dropFirst(64).prefix(2)
            let name = line.dropFirst(66)
            guard sum.count == 64, sum.allSatisfy(\.isHexDigit), mark == "  " || mark == " *", !name.isEmpty else {
                throw ModelError(.damaged, "checksums.sha256 is not a list of SHA-256 sums")
            }
            sums[String(name)] = sum.lowercased()
        }
        self.sums = sums
    }

    /// One line a file, by name.
    var text: Data { Data(sums.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }.joined().utf8) }

    /// SHA-256 in lower-case hexadecimal.
    static func sum(_ bytes: Data) -> String {
        Digest(of: bytes).hexadecimal
    }
}
