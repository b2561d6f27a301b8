import Foundation
import ModelGraph
import PleuraTesting
import Testing
import Weights

/// An archive that Python's zipfile wrote (Tests/Oracles/zip_golden.py).
@Suite struct ZipArchiveTests {
    private static func fixture() throws -> Data {
        try Data(contentsOf: #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/deflated.zip"))
    }

    @Test func storedAndDeflatedFilesHaveTheirContent() throws {
        let archive = try ZipArchive(Self.fixture())
        #expect(archive.names == ["a/deflated.bin", "a/stored.txt", "empty", "lzma"])
        #expect(try archive.content("a/stored.txt") == Data("stored as it is".utf8))
        #expect(try archive.content("a/deflated.bin") == Data((0..<3000).map { UInt8($0 * $0 % 251) }) + Data(count: 3000))
        #expect(try archive.content("empty").isEmpty)
    }

    @Test func anotherMethodAndAnotherNameAreErrors() throws {
        let archive = try ZipArchive(Self.fixture())
        #expect(throws: ModelGraphError.self) { try archive.content("lzma") }
        #expect(throws: ModelGraphError.self) { try archive.content("deflated.bin") }
    }

    /// A deflated file comes out as it was or not at all, whatever byte of the archive is changed.
    @Test func noChangedByteGivesOtherContent() throws {
        let bytes = try Self.fixture()
        let expected = try ZipArchive(bytes).content("a/deflated.bin")
        for index in bytes.indices {
            for change in [0xFF, 0x80, 0x01] as [UInt8] {
                var changed = bytes
                changed[index] ^= change
                do {
                    let content = try ZipArchive(changed).content("a/deflated.bin")
                    #expect(content == expected, "byte \(index)")
                } catch {
                    #expect(error is ModelGraphError)
                }
            }
        }
    }

    @Test func everyCutIsAnError() throws {
        let bytes = try Self.fixture()
        for length in 0..<bytes.count {
            #expect(throws: ModelGraphError.self) { try ZipArchive(bytes.prefix(length)).content("a/deflated.bin") }
        }
    }
}
