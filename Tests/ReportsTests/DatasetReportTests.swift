import Datasets
import Findings
import Foundation
import Geometry
import Radiographs
import Reports
import TestSupport
import Testing

/// A dataset on paper: tables, JSON and pages say what the numbers are, and no name from outside is ever markup.
@Suite struct DatasetReportTests {
    private static let evil = "</style><script>alert(1)</script>\u{1B}[2J\u{202E}"

    /// Three findings, one of them without a box, one with a name that would be markup.
    private func dataset(_ name: String = "Mass") -> Dataset {
        let images = [
            DatasetImage(
                id: 1, fileName: "a.png", width: 100, height: 200, patient: "one", view: "PA", part: "train", labels: ["Nodule"],
                attributes: ["sex": "F", "age": "41"],
                boxes: [
                    Annotation(classID: 1, box: Box(x: 0, y: 0, width: 50, height: 100), reader: "R1"),
                    Annotation(classID: 2, box: Box(x: 10, y: 20, width: 10, height: 10), reader: "R2"),
                ]),
            DatasetImage(
                id: 2, fileName: "b.png", width: 100, height: 200, patient: "one", view: "AP", part: "train", labels: [],
                attributes: ["sex": "F", "age": "42"]),
            DatasetImage(
                id: 3, fileName: "\(name).png", width: 64, height: 64, patient: "two", view: name, part: "test",
                boxes: [Annotation(classID: 1, box: Box(x: 32, y: 32, width: 32, height: 32), reader: name)]),
        ]
        return Dataset(
            directory: FileManager.default.temporaryDirectory,
            findingClasses: [FindingClass(id: 1, name: name), FindingClass(id: 2, name: "Nodule"), FindingClass(id: 3, name: "Effusion")],
            images: images, folds: ["one": 0, "two": 1])
    }

    @Test func theTableIsTheGoldenOne() throws {
        let table = StatisticsTable.text(DatasetStatistics(dataset()))
        #expect(table == (try Samples.golden("statistics.txt")))
        #expect(table.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func theJSONIsTheGoldenOne() throws {
        let json = try StatisticsJSON.document(DatasetStatistics(dataset()))
        #expect(String(decoding: json, as: UTF8.self) == (try Samples.golden("statistics.json")))
    }

    @Test func partsStandSideBySideAndManyBelowEachOther() {
        var set = dataset()
        let table = PartsTable.text(set.countsByPart, all: set.counts, classes: set.findingClasses)
        #expect(table.hasPrefix("               TRAIN  TEST  ALL\nimages             2     1    3\npatients           1     1    2\n"))
        set.folds = ["one": 0, "two": 1]
        let narrow = PartsTable.text(set.countsByFold, all: set.counts, classes: set.findingClasses, columns: 1)
        #expect(narrow.components(separatedBy: "ALL").count == 3 && narrow.contains("FOLD 0") && narrow.contains("FOLD 1"))
    }

    /// The page shows each number that it is about, draws a map for each finding that has boxes, and loads nothing.
    @Test func theStatisticsPageIsWholeAndSafe() {
        let html = StatisticsPage.html(DatasetStatistics(dataset(Self.evil)), name: Self.evil, nonce: "N")
        #expect(!html.contains("<script") && html.components(separatedBy: "</style").count == 2 && !html.contains("\u{1B}"))
        #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("url(") && !html.contains("style=\""))
        #expect(html.contains("default-src 'none'") && html.contains(Notice.banner) && html.contains("prefers-color-scheme: dark"))
        #expect(html.components(separatedBy: "<figure>").count == 3)
        // Box 1 covers the upper left quarter of its image and box 2 the lower right one of its: each cell half of the boxes.
        #expect(html.contains("fullest: 50 % of 2 boxes") && html.contains("M0 0h16v1h-16z") && html.contains("M16 31h16v1h-16z"))
        #expect(html.contains("<dt>boxes</dt><dd>3</dd>") && html.contains("100 × 200"))
    }

    @Test func theStatisticsPageOfAnEmptyDatasetIsAPage() {
        var set = dataset()
        set.images = []
        set.folds = [:]
        let html = StatisticsPage.html(DatasetStatistics(set), name: "empty", nonce: "N")
        #expect(html.contains("<dt>images</dt><dd>0</dd>") && !html.contains("nan") && !html.contains("inf"))
        #expect(StatisticsTable.text(DatasetStatistics(set)).hasPrefix("0 images of 0 patients, 0 boxes"))
    }

    @Test func samplesCarryTheirBoxesReadersAndFaults() throws {
        let root = try TemporaryFolder()
        let set = dataset(Self.evil)
        let page = try SamplePage(root.file("p.html"), dataset: set, name: Self.evil, choice: "all", nonce: "N")
        let picture = try SamplePage.picture(
            of: Radiograph(
                pixels: PixelImage(width: 100, height: 200, bits: 8, samples: Array(repeating: 9, count: 20_000)),
                reference: ImageReference(path: "a")))
        try page.append(set.images[0], fold: 0, picture: picture)
        try page.append(set.images[1], fold: 0, picture: picture)
        try page.append(set.images[2], error: "truncated: \(Self.evil)")
        try page.finish()
        let html = try String(contentsOf: root.file("p.html"), encoding: .utf8)
        #expect(!html.contains("<script") && html.components(separatedBy: "</style").count == 2 && !html.contains("\u{1B}"))
        #expect(!html.contains("http") || html.components(separatedBy: "http").count == html.components(separatedBy: "http-equiv").count)
        #expect(html.components(separatedBy: "<article").count == 4 && html.components(separatedBy: "<img ").count == 3)
        #expect(html.contains("<rect class=\"line d2\" x=\"10\" y=\"20\" width=\"10\" height=\"10\"/>"))
        #expect(html.contains(">Nodule · R2</text>") && html.contains("Could not be read:</b> truncated:"))
        #expect(html.contains("<b>no box</b> · said of the image: nothing found · 100 × 200 px · AP · F · age 42 · train · fold 0"))
        #expect(html.contains("src=\"data:image/jpeg;base64,\(picture.base64EncodedString())\""))
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
