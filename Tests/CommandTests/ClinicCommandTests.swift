import Foundation
import PleuraTesting
import Testing

/// The commands of who installs a node. They run `pleura-serve`, built beside the tests.
@Suite(.timeLimit(.minutes(20))) struct ClinicCommandTests {
    private static let sample = Repository.root.appendingPathComponent(".engines/samples/RG1_UNCI.dcm")

    private static func json(_ url: URL) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    }

    /// What `detect --dicom` writes, `results check` reads: the same boxes.
    @Test func objectsAreWrittenAndReadBack() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        for run in ["first", "again"] {
            let detect = try ProgramUnderTest.pleura(
                "detect", Self.sample.path, "--model", "./tiny", "--threshold", "0.01", "--dicom", "objects", "--json", "\(run).json",
                in: work.url)
            #expect(detect.status == 0, "\(run): \(detect.errors)")
        }
        let check = try ProgramUnderTest.pleura("results", "check", "objects", "--json", "check.json", in: work.url)
        #expect(check.status == 0, "\(check.errors)")
        let objects = try #require(try Self.json(work.file("check.json"))["files"] as? [[String: Any]])
        #expect(
            Set(objects.compactMap { $0["kind"] as? String }) == ["structuredReport", "presentationState", "secondaryCapture"]
                && objects.count == 3)
        let images = try #require(try Self.json(work.file("again.json"))["images"] as? [[String: Any]])
        let found = try #require(images.first?["findings"] as? [[String: Any]]).compactMap { $0["box"] as? [Double] }
        let report = try #require(objects.first { $0["kind"] as? String == "structuredReport" })
        let said = (report["findings"] as? [[String: Any]] ?? []).compactMap { $0["box"] as? [Double] }
        #expect(said.count == found.count && !said.isEmpty)
        for (one, other) in zip(said, found) { for (a, b) in zip(one, other) { #expect(abs(a - b) <= 0.01) } }
        #expect(try ProgramUnderTest.pleura("results", "check", "first.json", in: work.url).status == 1)
    }

    /// The same key gives the same pseudonym; two files of one instance stay two.
    @Test func filesLoseTheirPatients() throws {
        let work = try TemporaryFolder()
        try FileManager.default.createDirectory(at: work.file("in"), withIntermediateDirectories: true)
        for name in ["a.dcm", "b.dcm"] { try FileManager.default.copyItem(at: Self.sample, to: work.file("in/" + name)) }
        let run = try ProgramUnderTest.pleura(
            "dicom", "anonymise", "in", "--out", "out", "--key", "key", "--json", "done.json", in: work.url)
        #expect(run.status == 0, "\(run.errors)")
        let files = try #require(try Self.json(work.file("done.json"))["files"] as? [[String: Any]])
        let written = files.compactMap { $0["written"] as? String }
        #expect(Set(written).count == 2)
        for path in written {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(bytes.range(of: Data("CompressedSamples".utf8)) == nil)
        }
        let second = try ProgramUnderTest.pleura("dicom", "anonymise", "in/a.dcm", "--out", "other", "--key", "key", in: work.url)
        #expect(second.status == 0)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: work.file("other").path)
                == FileManager.default.contentsOfDirectory(atPath: work.file("out").path))
        #expect(try ProgramUnderTest.pleura("dicom", "anonymise", "in", "--out", "out", "--key", "key", in: work.url).status == 2)
    }

    @Test func aPeerThatIsNotThereIsTold() throws {
        let echo = try ProgramUnderTest.pleura("dicom", "echo", "PACS@127.0.0.1:1")
        #expect(echo.status == 3 && echo.errors.contains("PACS@127.0.0.1:1"))
        #expect(try ProgramUnderTest.pleura("dicom", "echo", "127.0.0.1:1").status == 2)
        #expect(try ProgramUnderTest.pleura("dicom", "send", "PACS@127.0.0.1:1", "nowhere.dcm").status == 3)
    }
}
