import Evaluation
import Foundation
import NoduleAssessment
import PleuraTesting
import Testing

/// Lists of LUNA16's form, and those that Pleura writes.
@Suite struct NoduleListsTests {
    private func file(_ text: String, in folder: TemporaryFolder, _ name: String) throws -> URL {
        try Data(text.utf8).write(to: folder.file(name))
        return folder.file(name)
    }

    @Test func aListOfLUNA16IsScoredByItsRules() throws {
        let folder = try TemporaryFolder()
        let truths = try file(
            "seriesuid,coordX,coordY,coordZ,diameter_mm\r\na,0,0,0,10\r\na,50,0,0,6\r\nb,0,0,0,8\r\n", in: folder, "annotations.csv")
        let excluded = try file("seriesuid,coordX,coordY,coordZ,diameter_mm\nb,30,0,0,-1\n", in: folder, "excluded.csv")
        let marks = try file(
            """
            seriesuid,coordX,coordY,coordZ,probability
            a,1,0,0,0.9
            a,0,4.9,0,0.7
            a,0,5.1,0,0.6
            b,31,0,0,0.8
            b,0,0,3.9,0.5
            c,0,0,0,0.4
            """, in: folder, "marks.csv")
        let scans = NoduleLists.scans(
            truths: try NoduleLists.truths(truths), irrelevant: try NoduleLists.truths(excluded), marks: try NoduleLists.marks(marks),
            series: try NoduleLists.series(file("seriesuid\na\nb\nc\nd\n", in: folder, "series.csv")))
        #expect(scans.map(\.name) == ["a", "b", "c", "d"])
        let report = try NoduleReport(scans, draws: 0, seed: 1)
        // By hand: hits at 0.9 and 0.5, false marks at 0.6 and 0.4; a second mark on a nodule and one on an irrelevant finding count nothing.
        #expect(report.scans == 4 && report.nodules == 3 && report.found == 2 && report.falseMarks == 2 && report.ignoredMarks == 2)
        // From (0, 1/3) by a straight line to (0.25, 1/3), then (0.25, 2/3).
        #expect(report.froc.map(\.falseMarks) == FROC.luna16Rates)
        #expect(abs(report.froc[0].sensitivity.value - 1.0 / 3) < 1e-9 && abs(report.froc[6].sensitivity.value - 2.0 / 3) < 1e-9)
    }

    @Test func theListsOfPleuraAreRead() throws {
        let folder = try TemporaryFolder()
        let truths = try NoduleLists.truths(
            file(
                "scan,series_uid,nodule,x_mm,y_mm,z_mm,diameter_mm,long_mm,short_mm,volume_mm3,kind,attachment,solid_mm\n"
                    + "scan-0001,1.2,1,3,4,5,7.5,8,7,200,solid,free,\n", in: folder, "nodules.csv"))
        let truth = try #require(truths.first)
        #expect(truths.count == 1 && truth.series == "1.2" && truth.centre == SIMD3(3, 4, 5) && truth.diameter == 7.5)
        #expect(truth.volume == 200 && truth.kind == "solid")
    }

    @Test func faultsNameTheRowOrTheColumn() throws {
        let folder = try TemporaryFolder()
        func reason(_ text: String) -> String {
            do {
                _ = try NoduleLists.marks(file(text, in: folder, "m.csv"))
                return "none"
            } catch { return "\(error)" }
        }
        #expect(reason("seriesuid,coordX,coordY,coordZ\na,1,2,3\n").contains("no column probability"))
        #expect(reason("seriesuid,coordX,coordY,coordZ,probability\na,1,2,3,x\n").contains("row 2"))
        #expect(reason("seriesuid,coordX,coordY,coordZ,probability\na,1,2,3,0.5\n") == "none")
    }
}
