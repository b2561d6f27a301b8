import Basics
import Foundation
import PleuraTesting
import Testing

/// Compiled networks are kept for the next start, and believed only while they are what was kept.
@Suite(.timeLimit(.minutes(20))) struct CompiledNetworkTests {
    private struct Site {
        let work: TemporaryFolder
        var cache: URL { work.file("cache") }

        init() throws {
            work = try TemporaryFolder()
            try TinyModel.write(to: work.file("tiny"))
            try SampleFiles.png().write(to: work.file("a.png"))
        }

        func detect(_ more: String...) throws -> Shell.Result {
            try ProgramUnderTest.run(["detect", "a.png", "--model", "./tiny", "--csv", "-"] + more, in: work.url, cache: cache)
        }

        /// What is kept, by path in the cache.
        func kept() throws -> [String: Data] {
            guard FileManager.default.fileExists(atPath: cache.path) else { return [:] }
            let names = try FileManager.default.subpathsOfDirectory(atPath: cache.path).filter { $0.hasSuffix(".blob") }
            return try Dictionary(uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: cache.appendingPathComponent($0))) })
        }
    }

    @Test func theSecondStartTakesWhatTheFirstKept() throws {
        let site = try Site()
        let first = try site.detect("--threshold", "0.01")
        let kept = try site.kept()
        #expect(first.status == 0 && kept.count == 1)
        let again = try site.detect("--threshold", "0.01")
        #expect(again.output == first.output)
        #expect(try site.kept() == kept)
        // Another number in the network that is kept, and a note that this is what was kept: only who reads it finds other boxes.
        var (name, bytes) = try #require(kept.first)
        func constant(_ growth: Float) -> Data { [0, 0, growth, 0].withUnsafeBytes { Data($0) } }
        bytes.replaceSubrange(try #require(bytes.firstRange(of: constant(8))), with: constant(5))
        let file = site.cache.appendingPathComponent(name)
        try bytes.write(to: file)
        try JSONEncoder().encode([file.lastPathComponent: Digest(of: bytes).hexadecimal])
            .write(to: file.deletingLastPathComponent().appendingPathComponent("sha256.json"))
        let other = try site.detect("--threshold", "0.01")
        #expect(other.status == 0 && other.output != first.output)
        #expect(try site.kept() == [name: bytes])
        // In the cache's folder nobody else may read or write.
        let folder = try #require(kept.keys.first).split(separator: "/").dropLast().joined(separator: "/")
        let attributes = try FileManager.default.attributesOfItem(atPath: site.cache.appendingPathComponent(folder).path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
    }

    @Test func withoutTheCacheNothingIsKept() throws {
        let site = try Site()
        #expect(try site.detect("--no-cache").status == 0)
        #expect(try site.kept().isEmpty)
    }

    /// A byte that has changed would change findings and nobody would be told.
    @Test func aChangedNetworkIsMadeAgain() throws {
        let site = try Site()
        let first = try site.detect()
        let (name, bytes) = try #require(try site.kept().first)
        for place in [0, bytes.count / 2, bytes.count - 1] {
            var changed = bytes
            changed[place] ^= 0xFF
            try changed.write(to: site.cache.appendingPathComponent(name))
            let result = try site.detect()
            #expect(result.status == 0 && result.output == first.output)
            #expect(try site.kept()[name] != changed)
        }
        // Cut off, empty, or with a note that says nothing.
        for damaged in [Data(bytes.prefix(10)), Data()] {
            try damaged.write(to: site.cache.appendingPathComponent(name))
            let result = try site.detect()
            #expect(result.status == 0 && result.output == first.output)
        }
        let note = site.cache.appendingPathComponent(name).deletingLastPathComponent().appendingPathComponent("sha256.json")
        try Data("{".utf8).write(to: note)
        #expect(try site.detect().output == first.output)
    }

    /// A cache is never worth an error.
    @Test func aCacheThatCannotBeMadeIsNoError() throws {
        let site = try Site()
        try Data("in the way".utf8).write(to: site.cache)
        let result = try site.detect()
        #expect(result.status == 0 && result.output.contains("Bright"))
        #expect(try String(contentsOf: site.cache, encoding: .utf8) == "in the way")
    }

    /// Another network under the same name has a cache of its own.
    @Test func anotherModelHasItsOwn() throws {
        let site = try Site()
        _ = try site.detect()
        try FileManager.default.removeItem(at: site.work.file("tiny"))
        try TinyModel.write(to: site.work.file("tiny"), card: TinyModel.card(threshold: 0.4))
        _ = try site.detect()
        #expect(Set(try site.kept().keys.map { $0.split(separator: "/").dropLast().joined(separator: "/") }).count == 2)
    }
}
