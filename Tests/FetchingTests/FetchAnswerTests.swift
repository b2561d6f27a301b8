import Datasets
import Fetching
import Foundation
import PleuraTesting
import Testing

/// What else servers answer.
struct FetchAnswerTests {
    private let data = FetchSamples.bytes(80_000)

    private func fetch(
        _ folder: TemporaryFolder, limits: FetchLimits = FetchSamples.limits,
        answer: @escaping @Sendable (LyingServer.Request, Int) -> LyingServer.Reply
    ) throws -> (report: FetchReport, log: FetchLog, server: LyingServer, content: Data?) {
        let server = try LyingServer(answer)
        let file = try FetchSamples.file("data.bin", data, at: server.url("/data.bin"))
        let log = FetchLog()
        let report = try DatasetFetcher(FetchSamples.manifest([file]), to: folder.url, limits: limits).run { log.add($0) }
        return (report, log, server, try? Data(contentsOf: folder.file("data.bin")))
    }

    @Test(arguments: [403, 404, 410, 451, 304, 204, 501]) func aRefusalIsNotRepeated(status: Int) throws {
        let outcome = try fetch(try TemporaryFolder()) { _, _ in .of(status) }
        #expect(outcome.server.requests.count == 1)
        #expect(outcome.report.failures.count == 1)
        #expect(outcome.report.failures.first?.reason.contains("status \(status)") == true)
    }

    @Test(arguments: [503, 500, 429, 408]) func aServerThatIsBusyIsAskedAgain(status: Int) throws {
        let outcome = try fetch(try TemporaryFolder()) { [data] request, count in
            count < 3 ? .of(status, ["Retry-After": "0"]) : .file(data, request)
        }
        #expect(outcome.content == data)
        #expect(outcome.server.requests.count == 4)
        #expect(outcome.log.retries == Array(repeating: "the server answers with status \(status)", count: 3))
    }

    @Test func aServerThatHangsUpWithoutAWordIsAskedAgain() throws {
        let outcome = try fetch(try TemporaryFolder()) { [data] request, count in
            count < 2 ? LyingServer.Reply(isSilent: true) : .file(data, request)
        }
        #expect(outcome.content == data && outcome.server.requests.count == 3)
    }

    @Test func nobodyThereIsSaidInOneLine() throws {
        // A port that was free a moment ago.
        let url = try LyingServer { _, _ in .of(404) }.url("/data.bin")
        Thread.sleep(forTimeInterval: 0.2)
        let folder = try TemporaryFolder()
        let file = try FetchSamples.file("data.bin", data, at: url)
        let report = try DatasetFetcher(FetchSamples.manifest([file]), to: folder.url, limits: FetchSamples.limits).run()
        #expect(report.failures.map(\.reason) == ["the server cannot be reached (3 attempts)"])
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func aRedirectIsFollowedWithItsRange(status: Int) throws {
        let folder = try TemporaryFolder()
        try data.prefix(30_000).write(to: folder.file("data.bin.partial"))
        let outcome = try fetch(folder) { [data] request, _ in
            request.path == "/data.bin" ? .of(status, ["Location": "/elsewhere?x=1"]) : .file(data, request)
        }
        #expect(outcome.content == data)
        #expect(outcome.server.requests.map(\.path) == ["/data.bin", "/elsewhere?x=1"])
        #expect(outcome.server.requests.map(\.offset) == [30_000, 30_000])
        #expect(outcome.server.sentBytes == 50_000)
    }

    @Test func aRedirectToARelativeAddressIsReadFromWhereItStands() throws {
        let (folder, server) = (
            try TemporaryFolder(),
            try LyingServer { [data] request, _ in
                request.path == "/a/b/data.bin" ? .of(302, ["Location": "c/data.bin"]) : .file(data, request)
            }
        )
        let file = try FetchSamples.file("data.bin", data, at: server.url("/a/b/data.bin"))
        #expect(try DatasetFetcher(FetchSamples.manifest([file]), to: folder.url).run().fetched == ["data.bin"])
        #expect(server.requests.map(\.path) == ["/a/b/data.bin", "/a/b/c/data.bin"])
    }

    @Test func redirectsWithoutEndAreLeft() throws {
        let outcome = try fetch(try TemporaryFolder()) { request, _ in .of(302, ["Location": request.path]) }
        #expect(outcome.report.failures.map(\.reason) == ["the server redirects without end"])
        #expect(outcome.server.requests.count <= FetchSamples.limits.redirects + 1)
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/data.bin", "data:text/plain,hello"])
    func aRedirectOutOfTheWebIsRefused(target: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try fetch(folder) { _, _ in .of(302, ["Location": target]) }
        #expect(outcome.report.failures.map(\.reason) == ["the server redirects to something that is not https"])
        #expect(outcome.content == nil && FetchSamples.names(folder.url).isEmpty)
    }

    @Test func aWebPageIsNotTakenForTheFile() throws {
        let outcome = try fetch(try TemporaryFolder()) { _, _ in
            LyingServer.Reply(fields: ["Content-Type": "text/html; charset=utf-8"], body: Data("<html>Sign in</html>".utf8))
        }
        #expect(outcome.report.failures.map(\.reason) == ["the server sends a web page instead"])
    }

    @Test func anEncodedBodyIsRefused() throws {
        let outcome = try fetch(try TemporaryFolder()) { [data] _, _ in .of(200, ["Content-Encoding": "gzip"], data) }
        #expect(outcome.report.failures.map(\.reason) == ["the server sends it encoded (gzip)"])
        #expect(outcome.server.requests.first?.fields["accept-encoding"] == "identity")
    }

    /// Bytes come, but too few: the connection is left and the rest asked for on another. A busy machine may let a good
    /// connection stand still for as long, so a further change is no failure.
    @Test func aConnectionThatDripsIsLeftAndResumed() throws {
        let limits = FetchLimits(stallSeconds: 2, leastBytes: 5_000, attempts: 20, firstPause: 0.01, longestPause: 0.05)
        let outcome = try fetch(try TemporaryFolder(), limits: limits) { [data] request, count in
            var reply = LyingServer.Reply.file(data, request)
            if count == 0 { reply.rate = 1_000 }
            return reply
        }
        #expect(outcome.content == data)
        let offsets = outcome.server.requests.map { $0.offset ?? 0 }
        #expect(offsets.count >= 2)
        #expect(offsets.first == 0 && offsets.dropFirst().allSatisfy { $0 > 0 })
        #expect(Set(outcome.log.retries) == ["the connection is too slow or stands still"])
    }

    @Test func aServerThatNeverAnswersIsLeft() throws {
        let limits = FetchLimits(stallSeconds: 0.3, leastBytes: 1, attempts: 2, firstPause: 0.01, longestPause: 0.05)
        let outcome = try fetch(try TemporaryFolder(), limits: limits) { _, _ in LyingServer.Reply(isSilent: true, delay: 5) }
        #expect(outcome.report.failures.map(\.reason) == ["the connection is too slow or stands still (2 attempts)"])
    }

    @Test func aDiskWithoutRoomIsSeenBeforeAnythingIsFetched() throws {
        let folder = try TemporaryFolder()
        let server = try LyingServer { [data] request, _ in .file(data, request) }
        var fetcher = DatasetFetcher(
            FetchSamples.manifest([try FetchSamples.file("data.bin", data, at: server.url("/data.bin"))]), to: folder.url)
        fetcher.available = { _ in 79_999 }
        #expect(throws: DatasetError.self) { try fetcher.run() }
        #expect(server.requests.isEmpty)
        // What is here already needs no room.
        try data.prefix(1).write(to: folder.file("data.bin.partial"))
        #expect(try fetcher.run().fetched == ["data.bin"])
    }

    @Test func aLengthThatOnlyTheServerKnowsIsComparedWithTheRoomToo() throws {
        let folder = try TemporaryFolder()
        let server = try LyingServer { [data] request, _ in .file(data, request) }
        let file = RemoteFile(name: "data.bin", url: server.url("/data.bin"), byteCount: nil, sums: [])
        var fetcher = DatasetFetcher(FetchSamples.manifest([file]), to: folder.url)
        fetcher.available = { _ in 79_999 }
        #expect(try fetcher.run().failures.map(\.reason) == ["no room: 80000 bytes are to come, 79999 are free"])
    }

    @Test func oneFilesFailureDoesNotStopTheOthers() throws {
        let folder = try TemporaryFolder()
        let server = try LyingServer { [data] request, _ in request.path == "/b" ? .of(403) : .file(data, request) }
        let files = try ["a", "b", "c"].map { try FetchSamples.file($0, data, at: server.url("/\($0)")) }
        let report = try DatasetFetcher(FetchSamples.manifest(files), to: folder.url, limits: FetchSamples.limits).run()
        #expect(report.fetched == ["a", "c"])
        #expect(report.failures.map(\.file) == ["b"])
    }
}
