import DatasetChecks
import Datasets
import Foundation
import PleuraTesting
import Reports
import Testing

/// A dataset on paper: tables and JSON say what the numbers are.
@Suite struct DatasetReportTests {
    @Test func theTableIsTheGoldenOne() throws {
        let table = StatisticsTable.text(DatasetStatistics(SampleDataset.dataset()))
        #expect(table == (try Golden.text("statistics.txt")))
        #expect(table.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func theJSONIsTheGoldenOne() throws {
        let json = try StatisticsJSON.document(DatasetStatistics(SampleDataset.dataset()))
        #expect(String(decoding: json, as: UTF8.self) == (try Golden.text("statistics.json")))
    }

    @Test func partsStandSideBySideAndManyBelowEachOther() {
        var set = SampleDataset.dataset()
        let table = PartsTable.text(set.countsByPart, all: set.counts, classes: set.findingClasses)
        #expect(table.hasPrefix("               TRAIN  TEST  ALL\nimages             2     1    3\npatients           1     1    2\n"))
        set.folds = ["one": 0, "two": 1]
        let narrow = PartsTable.text(set.countsByFold, all: set.counts, classes: set.findingClasses, columns: 1)
        #expect(narrow.components(separatedBy: "ALL").count == 3 && narrow.contains("FOLD 0") && narrow.contains("FOLD 1"))
    }

    @Test func theTableOfAnEmptyDatasetIsATable() {
        var set = SampleDataset.dataset()
        set.images = []
        set.folds = [:]
        #expect(StatisticsTable.text(DatasetStatistics(set)).hasPrefix("0 images of 0 patients, 0 boxes"))
    }

    @Test func aCheckIsSummedUp() throws {
        let failure = DatasetProblem(.boxTwice, path: "set", place: "annotations.json, annotation 2", image: "a\u{1B}.png", message: "same")
        let warning = DatasetProblem(.findingRare, severity: .warning, path: "set", place: "finding 1", message: "few")
        let report = DatasetCheckReport(
            paths: ["set"], images: 2, boxes: 1, patients: 1, hasReadPixels: false, problems: [failure, failure, warning])
        #expect(
            CheckReport.text(report) == """
                failure: set: annotations.json, annotation 2 (a\u{FFFD}.png): same
                failure: set: annotations.json, annotation 2 (a\u{FFFD}.png): same
                warning: set: finding 1: few
                2 images, 1 box, 1 patient: 2 failures (2 box-twice), 1 warning (headers only: pixels were not read, copies not looked for)

                """)
        let object = try JSONSerialization.jsonObject(with: CheckReport.json(report)) as? [String: Any]
        let problems = try #require(object?["problems"] as? [[String: String]])
        #expect(object?["schema"] as? Int == 1 && object?["failures"] as? Int == 2 && object?["pixels"] as? Bool == false)
        #expect(problems[0]["kind"] == "box-twice" && problems[0]["severity"] == "failure" && problems[2]["image"] == nil)
        let sound = DatasetCheckReport(paths: ["set"], images: 1, boxes: 2, patients: 1, hasReadPixels: true, problems: [])
        #expect(CheckReport.text(sound) == "1 image, 2 boxes, 1 patient: no failure\n")
    }
}
