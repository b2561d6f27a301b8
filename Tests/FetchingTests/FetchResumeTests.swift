import Basics
import Fetching
import Foundation
import PleuraTesting
import Testing

/// Downloads from a server that fails in every way; the file has to come out byte for byte, or not at all.
struct FetchResumeTests {
    /// What a run of one file gave.
    struct Outcome {
        var report: FetchReport
        var log: FetchLog
        var server: LyingServer
        /// The file under its name; nil where there is none.
        var content: Data?
        /// All names in the folder but the record's.
        var names: [String]
    }

    private func fetch(
        _ data: Data, into folder: TemporaryFolder, sums: [PublishedSum]? = nil, byteCount: Int?? = nil, limits: FetchLimits? = nil,
        answer: @escaping @Sendable (LyingServer.Request, Int) -> LyingServer.Reply
    ) throws -> Outcome {
        let server = try LyingServer(answer)
        var file = try FetchSamples.file("data.bin", data, at: server.url("/data.bin"))
        if let sums { file.sums = sums }
        if let byteCount { file.byteCount = byteCount }
        let fetcher = DatasetFetcher(FetchSamples.manifest([file]), to: folder.url, limits: limits ?? FetchSamples.limits)
        let log = FetchLog()
        let report = try fetcher.run { log.add($0) }
        return Outcome(
            report: report, log: log, server: server, content: try? Data(contentsOf: folder.file("data.bin")),
            names: FetchSamples.names(folder.url).filter { $0 != ".fetched.json" })
    }

    @Test func aGoodServerIsAskedOnceAndASecondRunAsksNothing() throws {
        let (data, folder) = (FetchSamples.bytes(300_000), try TemporaryFolder())
        let server = try LyingServer { request, _ in .file(data, request) }
        let fetcher = DatasetFetcher(
            FetchSamples.manifest([try FetchSamples.file("data.bin", data, at: server.url("/x"))]), to: folder.url,
            limits: FetchSamples.limits)
        #expect(try fetcher.run().fetched == ["data.bin"])
        #expect(try Data(contentsOf: folder.file("data.bin")) == data)
        #expect(FetchSamples.names(folder.url) == [".fetched.json", "data.bin"])
        let second = try fetcher.run()
        #expect(second.alreadyThere == ["data.bin"] && second.fetched.isEmpty)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [true, false]) func aCutConnectionIsResumedWhereItStopped(promises: Bool) throws {
        let (data, folder) = (FetchSamples.bytes(1_000_000), try TemporaryFolder())
        let outcome = try fetch(data, into: folder) { request, count in
            var reply = LyingServer.Reply.file(data, request)
            // Also without a promised length, where only the published one tells that something is missing.
            if !promises { reply.promised = nil }
            if count < 5 { reply.cut = 150_000 }
            return reply
        }
        #expect(outcome.content == data)
        #expect(outcome.names == ["data.bin"])
        // Each request asks for what is missing, and nothing is sent twice.
        #expect(outcome.server.requests.map { $0.offset ?? 0 } == [0, 150_000, 300_000, 450_000, 600_000, 750_000])
        #expect(outcome.server.sentBytes == data.count)
        #expect(outcome.server.requests.dropFirst().allSatisfy { $0.fields["if-range"] == "\"v1\"" })
    }

    @Test func aServerThatOnlyCutsIsGivenUpAndLeavesAPartForTheNextRun() throws {
        let (data, folder) = (FetchSamples.bytes(200_000), try TemporaryFolder())
        let outcome = try fetch(data, into: folder) { request, count in
            var reply = LyingServer.Reply.file(data, request)
            reply.cut = count == 0 ? 70_000 : 0
            return reply
        }
        #expect(outcome.report.failures.map(\.file) == ["data.bin"])
        #expect(outcome.server.requests.count == 1 + FetchSamples.limits.attempts)
        #expect(outcome.names == ["data.bin.partial", "data.bin.resume.partial"])
        #expect(try Data(contentsOf: folder.file("data.bin.partial")) == data.prefix(70_000))
        let next = try fetch(data, into: folder) { request, _ in .file(data, request) }
        #expect(next.content == data)
        #expect(next.server.requests.map(\.offset) == [70_000])
        #expect(next.server.sentBytes == 130_000)
    }

    @Test func aPromiseOfMoreThanIsPublishedIsRefused() throws {
        let (data, folder) = (FetchSamples.bytes(50_000), try TemporaryFolder())
        let outcome = try fetch(data, into: folder) { request, _ in
            var reply = LyingServer.Reply.file(data, request)
            reply.promised = 60_000
            return reply
        }
        #expect(outcome.report.failures.map(\.reason) == ["the server promises 60000 bytes, 50000 are published"])
        #expect(outcome.content == nil && outcome.server.requests.count == 1)
    }

    @Test func aPromiseOfLessThanIsPublishedIsRefused() throws {
        let (data, folder) = (FetchSamples.bytes(50_000), try TemporaryFolder())
        let outcome = try fetch(data, into: folder) { request, _ in
            var reply = LyingServer.Reply.file(data, request)
            reply.promised = 40_000
            return reply
        }
        #expect(outcome.report.failures.map(\.reason) == ["the server promises 40000 bytes, 50000 are published"])
        #expect(outcome.content == nil)
    }

    @Test func aPromiseThatIsNotKeptIsSeenAlsoWhereNoLengthIsPublished() throws {
        let (data, folder) = (FetchSamples.bytes(90_000), try TemporaryFolder())
        let outcome = try fetch(data, into: folder, byteCount: .some(nil)) { request, count in
            var reply = LyingServer.Reply.file(data, request)
            // Promises all and sends less, twice.
            if count < 2 { reply.body = reply.body.prefix(30_000) }
            return reply
        }
        #expect(outcome.content == data)
        #expect(outcome.server.requests.map { $0.offset ?? 0 } == [0, 30_000, 60_000])
    }

    @Test(arguments: [true, false]) func aBodyLongerThanTheFileIsRefusedAndNotWritten(isChunked: Bool) throws {
        let (data, folder) = (FetchSamples.bytes(50_000), try TemporaryFolder())
        let outcome = try fetch(data, into: folder) { request, _ in
            LyingServer.Reply(body: data + FetchSamples.bytes(2_000_000, seed: 9), isChunked: isChunked)
        }
        #expect(outcome.report.failures.map(\.reason) == ["the server sends more than its 50000 bytes"])
        #expect(outcome.content == nil)
        #expect((try Data(contentsOf: folder.file("data.bin.partial"))).count <= data.count)
    }

    @Test func aServerThatIgnoresRangesIsReadFromTheStart() throws {
        let (data, folder) = (FetchSamples.bytes(120_000), try TemporaryFolder())
        let outcome = try fetch(data, into: folder) { _, count in
            var reply = LyingServer.Reply.of(200, [:], data)
            if count == 0 { reply.cut = 100_000 }
            return reply
        }
        #expect(outcome.content == data)
        #expect(outcome.server.requests.map { $0.offset ?? 0 } == [0, 100_000])
        #expect(outcome.server.sentBytes == 100_000 + 120_000)
    }

    @Test(arguments: [
        "bytes 10-119999/120000", "bytes 0-119999/120000", "bytes 40000-119999/130000", "bytes 40000-39999/120000", "", "pages 1-2/3",
    ])
    func aPartThatIsNotTheOneAskedForIsRefused(range: String) throws {
        let (data, folder) = (FetchSamples.bytes(120_000), try TemporaryFolder())
        try data.prefix(40_000).write(to: folder.file("data.bin.partial"))
        let outcome = try fetch(data, into: folder) { _, _ in
            .of(206, range.isEmpty ? [:] : ["Content-Range": range], data.dropFirst(40_000))
        }
        #expect(outcome.report.failures.count == 1)
        #expect(outcome.content == nil && outcome.server.requests.count == 1)
        #expect(try Data(contentsOf: folder.file("data.bin.partial")) == data.prefix(40_000))
    }

    @Test func anotherVersionBetweenTwoAttemptsIsReadFromTheStart() throws {
        let (old, data) = (FetchSamples.bytes(120_000, seed: 2), FetchSamples.bytes(120_000, seed: 3))
        let folder = try TemporaryFolder()
        let outcome = try fetch(data, into: folder) { request, count in
            var reply = LyingServer.Reply.file(count == 0 ? old : data, request, tag: count == 0 ? "\"old\"" : "\"new\"")
            if count == 0 { reply.cut = 60_000 }
            return reply
        }
        #expect(outcome.content == data)
        #expect(outcome.server.requests.map { $0.fields["if-range"] } == [nil, "\"old\""])
        #expect(outcome.log.repeats == 0)
    }

    @Test func anotherVersionFromAServerThatDoesNotKnowConditionsIsReadFromTheStart() throws {
        let (old, data) = (FetchSamples.bytes(120_000, seed: 2), FetchSamples.bytes(120_000, seed: 3))
        let folder = try TemporaryFolder()
        let outcome = try fetch(data, into: folder) { request, count in
            var unconditional = request
            unconditional.fields["if-range"] = nil
            var reply = LyingServer.Reply.file(count == 0 ? old : data, unconditional, tag: count == 0 ? "\"old\"" : "\"new\"")
            if count == 0 { reply.cut = 60_000 }
            return reply
        }
        #expect(outcome.content == data)
        #expect(outcome.server.requests.map { $0.offset ?? 0 } == [0, 60_000, 0])
    }

    /// Without any word about versions the sum at the end tells, and the file is fetched once again.
    @Test func aMixOfTwoVersionsIsFoundByItsSumAndFetchedAgain() throws {
        let (old, data) = (FetchSamples.bytes(120_000, seed: 2), FetchSamples.bytes(120_000, seed: 3))
        let folder = try TemporaryFolder()
        let outcome = try fetch(data, into: folder) { request, count in
            var reply = LyingServer.Reply.file(count == 0 ? old : data, request, tag: nil)
            if count == 0 { reply.cut = 60_000 }
            return reply
        }
        #expect(outcome.content == data)
        #expect(outcome.server.requests.map { $0.offset ?? 0 } == [0, 60_000, 0])
        #expect(outcome.log.repeats == 1)
    }

    /// Where neither a sum nor a version says so, what is here may be of anything.
    @Test func nothingIsResumedThatNothingVouchesFor() throws {
        let (data, folder) = (FetchSamples.bytes(120_000), try TemporaryFolder())
        let outcome = try fetch(data, into: folder, sums: []) { request, count in
            var reply = LyingServer.Reply.file(data, request, tag: nil)
            if count == 0 { reply.cut = 60_000 }
            return reply
        }
        #expect(outcome.content == data)
        #expect(outcome.server.requests.map(\.offset) == [nil, nil])
    }

    @Test func aWeakEntityTagIsNoCondition() throws {
        let (data, folder) = (FetchSamples.bytes(120_000), try TemporaryFolder())
        let outcome = try fetch(data, into: folder) { request, count in
            var reply = LyingServer.Reply.file(data, request, tag: nil)
            reply.fields["ETag"] = "W/\"weak\""
            if count == 0 { reply.cut = 60_000 }
            return reply
        }
        #expect(outcome.content == data)
        #expect(outcome.server.requests.map { $0.fields["if-range"] } == [nil, nil])
    }

    @Test func aPartLongerThanTheServersFileIsThrownAway() throws {
        let (data, folder) = (FetchSamples.bytes(120_000), try TemporaryFolder())
        try FetchSamples.bytes(130_000, seed: 7).write(to: folder.file("data.bin.partial"))
        let outcome = try fetch(data, into: folder, byteCount: .some(nil)) { request, _ in .file(data, request) }
        #expect(outcome.content == data)
        #expect(outcome.server.requests.map { $0.offset ?? 0 } == [130_000, 0])
    }

    @Test func aPartThatIsAllThereIsOnlyVerified() throws {
        let (data, folder) = (FetchSamples.bytes(120_000), try TemporaryFolder())
        try data.write(to: folder.file("data.bin.partial"))
        let outcome = try fetch(data, into: folder) { request, _ in .file(data, request) }
        #expect(outcome.content == data && outcome.server.requests.isEmpty)
        // The same where the length is not published and the server has to say so (416).
        let other = try TemporaryFolder()
        try data.write(to: other.file("data.bin.partial"))
        let asked = try fetch(data, into: other, byteCount: .some(nil)) { request, _ in .file(data, request) }
        #expect(asked.content == data && asked.server.sentBytes == 0)
    }

    @Test func aCorruptBodyIsFetchedOnceAgainAndThenRefused() throws {
        let data = FetchSamples.bytes(120_000)
        var broken = data
        broken[77_777] ^= 4
        let corrupt = broken
        let healed = try fetch(data, into: try TemporaryFolder()) { request, count in .file(count == 0 ? corrupt : data, request) }
        #expect(healed.content == data && healed.server.requests.count == 2)
        let folder = try TemporaryFolder()
        let outcome = try fetch(data, into: folder) { request, _ in .file(corrupt, request) }
        #expect(outcome.report.failures.map(\.reason) == ["its SHA-256 sum is not the published one"])
        #expect(outcome.server.requests.count == 2)
        #expect(outcome.names.isEmpty)
    }

    @Test(arguments: [PublishedSum.Algorithm.sha256, .sha1, .md5]) func everyPublishedSumHasToFit(algorithm: PublishedSum.Algorithm) throws
    {
        let data = FetchSamples.bytes(40_000)
        let sums = try [PublishedSum.Algorithm.sha256, .sha1, .md5].map { try FetchSamples.sum(data, $0) }
        #expect(try fetch(data, into: try TemporaryFolder(), sums: sums) { request, _ in .file(data, request) }.content == data)
        let wrong = try sums.map { $0.algorithm == algorithm ? try FetchSamples.sum(FetchSamples.bytes(9), algorithm) : $0 }
        let outcome = try fetch(data, into: try TemporaryFolder(), sums: wrong) { request, _ in .file(data, request) }
        #expect(outcome.report.failures.map(\.reason) == ["its \(algorithm.rawValue) sum is not the published one"])
    }
}
