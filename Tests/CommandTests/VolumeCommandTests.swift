import Foundation
import PleuraTesting
import Testing

@Suite(.timeLimit(.minutes(20))) struct VolumeCommandTests {
    private let work: TemporaryFolder

    init() throws {
        work = try TemporaryFolder()
        let made = try ProgramUnderTest.pleura(
            "phantom", "--ct", "--count", "1", "--matrix", "96", "--slice-spacing", "3", "--nodules", "2", "--masks", "--out", "drawn",
            in: work.url)
        try #require(made.status == 0, "\(made.errors)")
    }

    private func pleura(_ line: String) throws -> Shell.Result {
        try ProgramUnderTest.run(line.split(separator: " ").map(String.init), in: work.url)
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func aDrawnScanIsAFolderOfSlicesWithItsNodules() throws {
        #expect(try Files.names(in: work.file("drawn")) == ["masks", "nodules.csv", "scan-0001"])
        #expect(try Files.names(in: work.file("drawn/masks")) == ["scan-0001.nii.gz"])
        let rows = try String(contentsOf: work.file("drawn/nodules.csv"), encoding: .utf8).split(whereSeparator: \.isNewline)
        #expect(rows.count == 3 && rows[0].hasPrefix("scan,series_uid,nodule,x_mm,y_mm,z_mm,diameter_mm"))
        // The same seed, the same bytes.
        let again = try pleura("phantom --ct --count 1 --matrix 96 --slice-spacing 3 --nodules 2 --masks --out again")
        #expect(try again.status == 0 && Shell.run("cd '\(work.url.path)' && diff -r drawn again").output.isEmpty)
    }

    @Test func aVolumeItsLungsAndCandidatesAreWritten() throws {
        let result = try pleura("volume drawn/scan-0001 --nifti out/v.nii.gz --lungs out/l.nii --candidates out/c.json --json out/r.json")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("volume     96 x 96 x ") && result.output.contains("lungs      right "))
        let record = try json(String(contentsOf: work.file("out/r.json"), encoding: .utf8))
        #expect(record["command"] as? String == "volume" && record["schema"] as? Int == 1)
        let geometry = try #require(record["geometry"] as? [String: Any])
        #expect(geometry["width"] as? Int == 96 && geometry["slice_step"] as? [Double] == [0, 0, 3])
        #expect((record["record"] as? [String: Any])?["spacing"] as? Double == 3)
        let candidates = try json(String(contentsOf: work.file("out/c.json"), encoding: .utf8))["candidates"] as? [[String: Any]]
        let first = try #require(candidates?.first)
        #expect(first["number"] as? Int == 1 && (first["centre"] as? [Double])?.count == 3)
        #expect(
            ((first["slice_place"] as? [String: Any])?["file"] as? String)?.hasPrefix("drawn/scan-0001/") == true
                || first["slice_place"] != nil)
        #expect(try Data(contentsOf: work.file("out/v.nii.gz")).prefix(2).elementsEqual([0x1F, 0x8B]))
        // A later run may replace all of it.
        #expect(try pleura("volume drawn/scan-0001 --nifti out/v.nii.gz --lungs out/l.nii --json out/r.json --quiet").status == 0)
        // JSON alone on standard output.
        #expect(try json(pleura("volume drawn/scan-0001 --json -").output)["record"] != nil)
    }

    @Test func aMissingSliceIsRefusedOrBridged() throws {
        let slices = try Files.names(in: work.file("drawn/scan-0001"))
        try FileManager.default.removeItem(at: work.file("drawn/scan-0001/\(slices[slices.count / 2])"))
        let refused = try pleura("volume drawn/scan-0001")
        #expect(refused.status == 1 && refused.output.isEmpty)
        #expect(
            refused.errors.hasPrefix("pleura: slices missing: 1 slice missing between ") && refused.errors.split(separator: "\n").count == 1
        )
        let bridged = try pleura("volume drawn/scan-0001 --missing bridge")
        #expect(bridged.status == 0 && bridged.output.contains("inside the lungs: interpolated"))
    }

    @Test func wrongUseIsTold() throws {
        #expect(try pleura("volume nowhere").status == 1)
        #expect(try pleura("volume drawn/nodules.csv").errors == "pleura: no slices: 1 file, none with a CT slice\n")
        #expect(try pleura("volume drawn --json - --candidates -").status == 2)
        #expect(try pleura("phantom --ct --kind ultrasound --count 1 --out x").status == 2)
        #expect(try pleura("phantom --matrix 96 --count 1 --out x").status == 2)
    }
}
