import Basics
import Datasets
import Dispatch
import Fetching
import Foundation
import PleuraTesting
import Testing

/// The table of NIH's files, what a fetch would do, and what it does about a folder that is not empty.
struct FetchManifestTests {
    @Test(arguments: [FetchManifest.nih, .nihBoxes]) func everyFileOfNIHHasAnAddressAndEverySumIsOne(manifest: FetchManifest) {
        #expect(Set(manifest.files.map(\.name)).count == manifest.files.count)
        #expect(Set(manifest.files.map(\.url)).count == manifest.files.count)
        let lengths: [PublishedSum.Algorithm: Int] = [.sha256: 64, .sha1: 40, .md5: 32]
        for file in manifest.files {
            #expect(file.url.scheme == "https" && file.url.host?.hasSuffix(".box.com") == true)
            #expect((file.byteCount ?? 0) > 0)
            for sum in file.sums {
                #expect(sum.hexadecimal.count == lengths[sum.algorithm] && sum.hexadecimal.allSatisfy(\.isHexDigit))
            }
        }
        let archives = manifest.files.filter { $0.role == .imageArchive }
        #expect(archives.map(\.name) == (1...12).map { String(format: "images_%02d.tar.gz", $0) })
        #expect(archives.map(\.sourceNames.last) == (1...12).map { String(format: "images_%03d.tar.gz", $0) })
        // NIH's own sums and those of two who downloaded them.
        #expect(archives.allSatisfy { Set($0.sums.map(\.algorithm)) == [.sha256, .md5] })
        // The whole folder's size as its keeper shows it.
        #expect(archives.reduce(0) { $0 + ($1.byteCount ?? 0) } == 45_079_862_784)
        #expect(Set(archives.flatMap { $0.sums.map(\.hexadecimal) }).count == 24)
        // Nobody published a sum of the read-me; everything else has one.
        #expect(manifest.files.filter { $0.sums.isEmpty }.map(\.name) == (manifest.images == .all ? ["README_CHESTXRAY.pdf"] : []))
        #expect(manifest.files.prefix(2).map(\.name) == ["BBox_List_2017.csv", "Data_Entry_2017.csv"])
    }

    @Test func thePlanSaysWhatIsThereAndAsksNobody() throws {
        let data = FetchSamples.bytes(10_000)
        let server = try LyingServer { request, _ in .file(data, request) }
        let folder = try TemporaryFolder()
        let files = try ["a", "b", "c", "d"].map { try FetchSamples.file($0, data, at: server.url("/\($0)")) }
        _ = try DatasetFetcher(FetchSamples.manifest([files[0]]), to: folder.url).run()
        try data.prefix(4_000).write(to: folder.file("b.partial"))
        try data.write(to: folder.file("c"))
        let (names, asked) = (FetchSamples.names(folder.url), server.requests.count)
        let plan = DatasetFetcher(FetchSamples.manifest(files), to: folder.url).plan()
        #expect(plan.map(\.state) == [.verified, .partial(byteCount: 4_000), .unverified, .missing])
        #expect(plan.map(\.remaining) == [0, 6_000, 0, 10_000])
        #expect(FetchSamples.names(folder.url) == names && server.requests.count == asked)
        // The plan of a folder that is not there makes none.
        #expect(DatasetFetcher(.nih, to: folder.file("none")).plan().allSatisfy { $0.state == .missing })
        #expect(!FileManager.default.fileExists(atPath: folder.file("none").path))
    }

    @Test func aFileThatIsThereAlreadyIsVerifiedAndNotFetched() throws {
        let data = FetchSamples.bytes(10_000)
        let server = try LyingServer { request, _ in .file(data, request) }
        let folder = try TemporaryFolder()
        try data.write(to: folder.file("a"))
        let fetcher = DatasetFetcher(FetchSamples.manifest([try FetchSamples.file("a", data, at: server.url("/a"))]), to: folder.url)
        #expect(try fetcher.run().alreadyThere == ["a"])
        #expect(fetcher.plan().map(\.state) == [.verified])
        #expect(server.requests.isEmpty)
    }

    /// Not ours to replace: a person may have put it there.
    @Test func aFileOfThatNameWithAnotherContentIsLeftAlone() throws {
        let data = FetchSamples.bytes(10_000)
        let server = try LyingServer { request, _ in .file(data, request) }
        let folder = try TemporaryFolder()
        try Data("mine".utf8).write(to: folder.file("a"))
        try FileManager.default.createDirectory(at: folder.file("b"), withIntermediateDirectories: true)
        let files = try ["a", "b"].map { try FetchSamples.file($0, data, at: server.url("/\($0)")) }
        let report = try DatasetFetcher(FetchSamples.manifest(files), to: folder.url).run()
        #expect(
            report.failures.map(\.reason) == [
                "a file of that name is there already and it has 4 bytes, 10000 are published",
                "something that is no file is there under its name",
            ])
        #expect(try Data(contentsOf: folder.file("a")) == Data("mine".utf8))
        #expect(server.requests.isEmpty)
    }

    @Test func aFetchedFileThatWasDamagedIsFetchedAgain() throws {
        let data = FetchSamples.bytes(10_000)
        let server = try LyingServer { request, _ in .file(data, request) }
        let folder = try TemporaryFolder()
        let fetcher = DatasetFetcher(FetchSamples.manifest([try FetchSamples.file("a", data, at: server.url("/a"))]), to: folder.url)
        _ = try fetcher.run()
        var damaged = data
        damaged[5] ^= 1
        try damaged.write(to: folder.file("a"))
        #expect(fetcher.plan().map(\.state) == [.unverified])
        #expect(try fetcher.run().fetched == ["a"])
        #expect(try Data(contentsOf: folder.file("a")) == data)
    }

    @Test func theFirstFetchsSumStandsWhereNobodyPublishedOne() throws {
        let (data, other) = (FetchSamples.bytes(10_000), FetchSamples.bytes(10_000, seed: 8))
        let server = try LyingServer { request, count in .file(count == 0 ? data : other, request, tag: nil) }
        let folder = try TemporaryFolder()
        let file = RemoteFile(name: "a", url: server.url("/a"), byteCount: 10_000, sums: [])
        let fetcher = DatasetFetcher(FetchSamples.manifest([file]), to: folder.url)
        #expect(try fetcher.run().fetched == ["a"])
        let record = try String(contentsOf: folder.file(".fetched.json"), encoding: .utf8)
        #expect(record.contains(try FetchSamples.sum(data).hexadecimal))
        try FileManager.default.removeItem(at: folder.file("a"))
        #expect(try fetcher.run().failures.map(\.reason) == ["its SHA-256 sum is not that of the first fetch"])
    }

    @Test func twoFetchesDoNotWorkInOneFolder() throws {
        let data = FetchSamples.bytes(10_000)
        let folder = try TemporaryFolder()
        let server = try LyingServer { request, _ in
            var reply = LyingServer.Reply.file(data, request)
            reply.delay = 1
            return reply
        }
        let fetcher = DatasetFetcher(FetchSamples.manifest([try FetchSamples.file("a", data, at: server.url("/a"))]), to: folder.url)
        let (first, done) = (FetchLog(), DispatchSemaphore(value: 0))
        Thread.detachNewThread {
            if (try? fetcher.run())?.fetched == ["a"] { first.add(.finished(file: "a", byteCount: 0)) }
            done.signal()
        }
        while server.requests.isEmpty { Thread.sleep(forTimeInterval: 0.01) }
        #expect(throws: DatasetError(.cannotWrite, "another fetch is at work in the folder")) { try fetcher.run() }
        done.wait()
        #expect(first.events.count == 1)
    }

    @Test func whatIsNeitherAnAddressNorAFolderIsNoSource() throws {
        let folder = try TemporaryFolder()
        #expect(try FetchSource(folder.url.path) == .folder(URL(fileURLWithPath: folder.url.path)))
        #expect(try FetchSource("https://example.org/nih") == .mirror(URL(string: "https://example.org/nih") ?? folder.url))
        for text in ["ftp://example.org/", "file:///tmp", "https://", folder.file("none").path, ""] {
            #expect(throws: DatasetError.self) { try FetchSource(text) }
        }
    }
}
