import Foundation
import ModelGraph
import PleuraTesting
import Testing
import Weights

@Suite struct KnownWeightsTests {
    @Test func theTableIsWhole() throws {
        #expect(
            KnownWeights.all.map(\.name) == [
                "ssdlite-mobilenet-v3-coco", "mobilenet-v2-imagenet", "efficientnet-lite0-imagenet", "efficientnet-lite1-imagenet",
                "efficientnet-lite2-imagenet",
            ])
        for known in KnownWeights.all {
            for sum in [known.sha256, known.wheelSHA256] {
                #expect(sum.count == 64 && sum.allSatisfy { "0123456789abcdef".contains($0) }, "\(known.name)")
            }
            #expect(known.byteCount > 0 && known.wheelByteCount > 0)
            #expect(!known.file.contains("/") && known.wheel.hasSuffix(".whl"))
        }
        #expect(Set(KnownWeights.all.map(\.file)).count == KnownWeights.all.count)
    }

    /// PyTorch's hub names files by the first digits of their sums; so the table's sums are those that the makers publish.
    @Test func sumsAreThoseThatTheMakersPublish() throws {
        for known in KnownWeights.all where known.member.hasSuffix(".pth") {
            let digits = try #require(known.member.split(separator: "-").last?.dropLast(4))
            #expect(known.sha256.hasPrefix(digits), "\(known.name)")
        }
    }

    @Test func theNearestNameIsSaid() throws {
        let error = try #require(throws: ModelGraphError.self) { try KnownWeights.named("mobilenetv2-imagenet") }
        #expect(error.code == .notFound && error.reason.contains("did you mean mobilenet-v2-imagenet?"))
        let short = try #require(throws: ModelGraphError.self) { try KnownWeights.named("efficientnet-lite2") }
        #expect(short.reason.contains("did you mean efficientnet-lite2-imagenet?"))
        let other = try #require(throws: ModelGraphError.self) { try KnownWeights.named("inception") }
        #expect(!other.reason.contains("did you mean"))
    }

    private static func lay(_ known: KnownWeights, in folder: URL, byteCount: Int) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent(known.file)
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: UInt64(byteCount))
        try handle.close()
    }

    @Test func theFirstFolderThatHasTheWholeFileWins() throws {
        let root = try TemporaryFolder()
        let store = WeightStore(folders: [root.file("cache"), root.file("laid")])
        let known = try KnownWeights.named("ssdlite-mobilenet-v3-coco")
        try Self.lay(known, in: root.file("laid"), byteCount: known.byteCount)
        #expect(try store.find(known.name).path == root.file("laid/\(known.file)").path)
        // One that is cut short does not count.
        try Self.lay(known, in: root.file("cache"), byteCount: known.byteCount - 1)
        #expect(try store.find(known.name).path == root.file("laid/\(known.file)").path)
        try Self.lay(known, in: root.file("cache"), byteCount: known.byteCount)
        #expect(try store.find(known.name).path == root.file("cache/\(known.file)").path)
    }

    @Test func whatIsNotHereIsSaidWithTheCommandThatFetchesIt() throws {
        let root = try TemporaryFolder()
        let store = WeightStore(folders: [root.file("cache")])
        let absent = try #require(throws: ModelGraphError.self) { try store.find("efficientnet-lite1-imagenet") }
        #expect(absent.code == .notFound && absent.reason.hasSuffix("pleura model fetch efficientnet-lite1-imagenet"))
        for name in ["efficientnet-lite7-imagenet", root.file("no.pth").path] {
            let error = try #require(throws: ModelGraphError.self) { try store.find(name) }
            #expect(error.code == .notFound && error.reason.contains(name))
        }
        try Data("x".utf8).write(to: root.file("own.pth"))
        #expect(try store.find(root.file("own.pth").path).path == root.file("own.pth").path)
    }
}
