import Basics
import Foundation
import PleuraTesting
import Testing

@Suite struct DigestTests {
    /// The examples of FIPS 180-4 and RFC 1321.
    @Test(arguments: [
        (Digest.Algorithm.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"), (.md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
        (.md5, "", "d41d8cd98f00b204e9800998ecf8427e"),
    ])
    func standardsExamplesHaveTheirDigests(_ algorithm: Digest.Algorithm, _ text: String, _ expected: String) {
        #expect(Digest(of: Data(text.utf8), algorithm).hexadecimal == expected)
    }

    /// coreutils' programs have the last word on any length, also over the blocks' edges.
    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 1_000_003])
    func digestsEqualThoseOfCoreutils(_ count: Int) throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: UInt64(count))
        let bytes = Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        try bytes.write(to: folder.file("file"))
        for (algorithm, program) in [(Digest.Algorithm.sha256, "sha256sum"), (.sha1, "sha1sum"), (.md5, "md5sum")] {
            let said = try Shell.run("\(program) < '\(folder.file("file").path)'").output.prefix { $0 != " " }
            #expect(Digest(of: bytes, algorithm).hexadecimal == said)
            // In pieces of any size.
            var builder = Digest.Builder(algorithm)
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...max(1, count / 3), using: &random))
                builder.update(piece)
                rest = rest.dropFirst(piece.count)
            }
            #expect(builder.digest.hexadecimal == said)
        }
    }

    @Test func aDigestSoFarDoesNotEndTheBuilding() {
        var builder = Digest.Builder()
        builder.update(Data("a".utf8))
        #expect(builder.digest == Digest(of: "a"))
        builder.update(Data("bc".utf8))
        #expect(builder.digest == Digest(of: "abc") && builder.digest.bytes.count == 32)
    }
}
