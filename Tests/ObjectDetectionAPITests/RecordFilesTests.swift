import Foundation
import ObjectDetectionAPI
import PleuraTesting
import Testing

@Suite struct RecordFilesTests {
    private static func found(_ pattern: String, among names: [String]) throws -> Result<[String], RecordFiles.Failure> {
        let folder = try TemporaryFolder()
        for name in names { try Data().write(to: folder.file(name)) }
        return RecordFiles.find(pattern, in: [folder.file("none"), folder.file(".")]).map { $0.map(\.lastPathComponent) }
    }

    private static let ten = (0..<10).map { "t.record-0000\($0)-of-00010" }

    @Test(arguments: ["t.record-?????-of-00010", "t.record-*", "t.record@10", "*"])
    func shardsAreFoundInOrder(_ pattern: String) throws {
        #expect(try Self.found(pattern, among: Self.ten.reversed()) == .success(Self.ten))
    }

    @Test func shardsWithAnEndingAreFound() throws {
        let names = ["t-00000-of-00002.tfrecord", "t-00001-of-00002.tfrecord"]
        #expect(try Self.found("t-?????-of-?????.tfrecord", among: names) == .success(names))
    }

    @Test func aNamedFileIsTakenForItselfWhateverItsName() throws {
        #expect(try Self.found("t.record-00003-of-00010", among: Self.ten) == .success(["t.record-00003-of-00010"]))
        #expect(try Self.found("a[1]*.record", among: ["a[1]*.record", "a1b.record"]) == .success(["a[1]*.record"]))
        #expect(try Self.found("x@2", among: ["x@2"]) == .success(["x@2"]))
    }

    @Test func filesWithoutNumbersMayBeAny() throws {
        #expect(try Self.found("*.record", among: ["b.record", "a.record", "c.txt"]) == .success(["a.record", "b.record"]))
    }

    @Test func missingShardsAreTold() throws {
        let failure = RecordFiles.Failure(code: .missing, reason: "2 of 10 shards are missing, the first of them number 00004")
        let names = Self.ten.filter { !$0.contains("-00004-") && !$0.contains("-00007-") }
        for pattern in ["t.record-?????-of-00010", "t.record@10", "t.record*"] {
            #expect(try Self.found(pattern, among: names) == .failure(failure))
        }
        // One shard by a pattern is not all of them either.
        guard case .failure(let one) = try Self.found("t.record-*", among: [Self.ten[0]]) else {
            Issue.record("one of ten shards was taken for all")
            return
        }
        #expect(one.reason.hasPrefix("9 of 10"))
    }

    @Test func shardsOfTwoSetsAreNotMixed() throws {
        guard case .failure(let failure) = try Self.found("t.record-*", among: Self.ten + ["t.record-00000-of-00001"]) else {
            Issue.record("shards of two sets were taken together")
            return
        }
        #expect(failure.code == .missing)
    }

    @Test(arguments: ["none.record", "none-?????-of-00010", "none@4", "", "/no/such/file", "x@0", "x@abc"])
    func nothingIsAFailureAndNotAnEmptyList(_ pattern: String) throws {
        guard case .failure(let failure) = try Self.found(pattern, among: Self.ten) else {
            Issue.record("\(pattern) was found")
            return
        }
        #expect(failure.code == .missing)
    }

    @Test func aPlaceholderIsSaid() throws {
        guard case .failure(let failure) = try Self.found("/a/PATH_TO_BE_CONFIGURED/t.record", among: []) else {
            Issue.record("a placeholder was found")
            return
        }
        #expect(failure.code == .placeholder)
    }
}
