import Foundation
import PleuraTesting
import Testing

/// CT series among the inputs of `detect`, and the measurement of nodules.
@Suite(.timeLimit(.minutes(20)), .serialized) struct NoduleCommandTests {
    private let work: TemporaryFolder

    init() throws {
        work = try TemporaryFolder()
        let made = try ProgramUnderTest.pleura(
            "phantom", "--ct", "--count", "1", "--matrix", "256", "--slice-spacing", "2.5", "--nodules", "5", "--seed", "7", "--out",
            "drawn",
            in: work.url)
        try #require(made.status == 0, "\(made.errors)")
        try FileManager.default.createSymbolicLink(
            at: work.file("Models"), withDestinationURL: Repository.root.appendingPathComponent("Models"))
    }

    private func pleura(_ line: String) throws -> Shell.Result {
        try ProgramUnderTest.run(line.split(separator: " ").map(String.init), in: work.url)
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func aFolderOfSlicesIsOneScanWithItsNodules() throws {
        let run = try pleura("detect drawn/scan-0001 --json out/a.json --csv out/a.csv --out out --dicom out --quiet")
        #expect(run.status == 0, "\(run.errors)")
        let found = try json(String(contentsOf: work.file("out/a.json"), encoding: .utf8))
        #expect(found["schema"] as? Int == 1 && (found["notice"] as? String)?.hasPrefix("research use only") == true)
        #expect((found["model"] as? [String: Any])?["name"] as? String == "luna-nodules" && (found["images"] as? [Any])?.isEmpty == true)
        let scan = try #require((found["scans"] as? [[String: Any]])?.first)
        let nodules = try #require(scan["nodules"] as? [[String: Any]])
        #expect(scan["scan"] as? String == "drawn/scan-0001" && scan["slices"] as? Int ?? 0 > 80)
        #expect(!nodules.isEmpty, "a drawn scan of five nodules without a mark")
        for nodule in nodules {
            #expect((nodule["center_mm"] as? [Double])?.count == 3 && nodule["diameter_mm"] as? Double ?? 0 > 1)
            #expect((nodule["remarks"] as? [String]) != nil)
        }
        let names = try Files.names(in: work.file("out"))
        #expect(names.filter { $0.hasSuffix(".png") } == nodules.indices.map { "scan-001-N\($0 + 1).png" }.sorted())
        #expect(names.contains("scan-001.seg.dcm") && names.contains("scan-001.sr.dcm"))
        let rows = try String(contentsOf: work.file("out/a.csv"), encoding: .utf8).split(whereSeparator: \.isNewline)
        #expect(rows.count == 1 + nodules.count)
        // A later run may replace all of it, and its table is a list of marks.
        #expect(try pleura("detect drawn --model luna-nodules --csv out/a.csv --quiet --json out/a.json").status == 0)
        let scored = try pleura("evaluate --ct --dataset drawn/nodules.csv --predictions out/a.csv --draws 0 --json -")
        let report = try json(scored.output)
        #expect(scored.status == 0 && report["nodules"] as? Int == 5 && report["scans"] as? Int == 1)
    }

    @Test func aPictureBesideAScanGoesToTheUsualModel() throws {
        try SampleFiles.png().write(to: work.file("a.png"))
        let run = try pleura("detect a.png drawn/scan-0001 --json - --quiet")
        #expect(run.status == 0, "\(run.errors)")
        let found = try json(run.output)
        #expect((found["images"] as? [[String: Any]])?.map { $0["image"] as? String } == ["a.png"])
        #expect((found["scans"] as? [Any])?.count == 1 && (found["model"] as? [String: Any])?["name"] as? String == "nih8-fast")
        #expect((found["scan_model"] as? [String: Any])?["name"] as? String == "luna-nodules")
        let both = try pleura("detect a.png drawn/scan-0001 --csv -")
        #expect(both.status == 2 && both.errors.contains("--csv"))
        let alone = try pleura("detect a.png --model luna-nodules")
        #expect(alone.status == 1 && alone.errors.contains("reads CT series of 10 slices or more"), "\(alone.errors)")
    }

    @Test func aScanWithAMissingSliceFailsInALineAndTheOtherGoesOn() throws {
        try FileManager.default.copyItem(at: work.file("drawn/scan-0001"), to: work.file("drawn/scan-0002"))
        let slices = try Files.names(in: work.file("drawn/scan-0001"))
        try FileManager.default.removeItem(at: work.file("drawn/scan-0001/\(slices[slices.count / 2])"))
        let run = try pleura("detect drawn/scan-0001 --json - --quiet")
        #expect(run.status == 1)
        let scan = try #require((json(run.output)["scans"] as? [[String: Any]])?.first)
        #expect(
            (scan["error"] as? String)?.contains("1 slice missing between") == true && scan["error_code"] as? String == "slices_missing")
    }

    @Test func drawnScansMeasureAModel() throws {
        let run = try pleura("evaluate --ct --dataset drawn --model luna-nodules --draws 50 --json - --quiet")
        #expect(run.status == 0, "\(run.errors)")
        let report = try json(run.output)
        #expect(report["nodules"] as? Int == 5 && (report["froc"] as? [Any])?.count == 7)
        #expect(try pleura("evaluate --ct --dataset drawn").status == 2)
        #expect(try pleura("evaluate --dataset drawn --model luna-nodules --irrelevant a.csv").status == 2)
        #expect(try pleura("evaluate --ct --dataset nowhere --model luna-nodules --quiet").status == 3)
    }
}
