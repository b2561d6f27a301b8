import Evaluation
import EvaluationReports
import Foundation
import PleuraTesting
import Testing

/// `pleura evaluate --predictions` on the dataset of Tests/Oracles/evaluation_command.py, whose figures pycocotools and scikit-learn gave.
@Suite(.timeLimit(.minutes(20))) struct EvaluatePredictionsTests {
    private struct Expected: Decodable {
        struct Boxes: Decodable {
            var coco: [String: Double?]
            var ap50: [String: Double?]
            var boxes: Int
            var images: Int
            var patients: Int
        }

        var rows: Int
        var boxed: Boxes
        var all: Boxes
        /// By part and finding: AUROC and average precision.
        var imageLevel: [String: [String: [Double]?]]

        enum CodingKeys: String, CodingKey {
            case rows, boxed, all
            case imageLevel = "image_level"
        }
    }

    private static let oracle = Oracle("evaluation_command")

    private static func expected() throws -> Expected {
        try oracle.read(Expected.self, from: "expected.json")
    }

    private static func run(_ arguments: String...) throws -> Shell.Result {
        try ProgramUnderTest.run(["evaluate", "--dataset", "set", "--quiet"] + arguments, in: oracle.folder)
    }

    private static func report(_ result: Shell.Result) throws -> EvaluationReport { try EvaluationReport(json: Data(result.output.utf8)) }

    private static func expectEqual(_ value: Double?, _ expected: Double?, _ name: String) {
        switch (value, expected) {
        case (nil, nil): break
        case (let value?, let expected?): #expect(abs(value - expected) < 1e-6, "\(name)")
        default: Issue.record("\(name): \(String(describing: value)) and not \(String(describing: expected))")
        }
    }

    private static func expectBoxes(_ report: EvaluationReport, _ expected: Expected.Boxes) {
        #expect(report.images == expected.images && report.boxes == expected.boxes && report.patients == expected.patients)
        #expect(report.coco.count == 12 && expected.coco.count == 12)
        for (name, value) in expected.coco { expectEqual(report.coco[name]?.value, value, name) }
        expectEqual(report.map50.value, expected.coco["ap50"] ?? nil, "map50")
        expectEqual(report.map.value, expected.coco["ap"] ?? nil, "map")
        for (name, value) in expected.ap50 { expectEqual(report.perClass[name]?.ap50, value, name) }
    }

    @Test(
        arguments: [
            ("coco.json", "COCO results"), ("yolo", "YOLO txt"), ("table.csv", "CSV"), ("strings.csv", "CSV with PredictionString"),
            ("found.json", "JSON of pleura detect"),
        ])
    func everyFormatGivesTheFiguresOfPycocotools(file: String, format: String) throws {
        let expected = try Self.expected()
        let result = try Self.run("--predictions", file, "--fold", "1", "--draws", "20", "--json", "-")
        #expect(result.status == 0)
        let report = try Self.report(result)
        #expect(report.subject.format == format && report.subject.rowsUsed == expected.rows && report.subject.rowsLeftOut == 0)
        Self.expectBoxes(report, expected.boxed)
        #expect(report.searchedImages.images == expected.all.images)
        Self.expectEqual(report.searchedImages.map50.value, expected.all.coco["ap50"] ?? nil, "map50 over searched images")
        #expect(report.map50.classes == 2 && report.map50.classCount == 3 && report.map50.low != nil)
    }

    @Test func allSearchedImagesWhereTheUserSaysThatTheyWereRead() throws {
        let result = try Self.run("--predictions", "coco.json", "--fold", "1", "--draws", "0", "--images", "all", "--json", "-")
        Self.expectBoxes(try Self.report(result), try Self.expected().all)
    }

    @Test func wholeImagesAreRankedAsScikitLearnDoes() throws {
        let report = try Self.report(try Self.run("--predictions", "coco.json", "--fold", "1", "--draws", "0", "--json", "-"))
        let expected = try Self.expected().imageLevel
        #expect(Set(report.imageLevel.keys) == ["all", "AP", "PA"])
        for (part, figures) in expected {
            let own = try #require(report.imageLevel[part])
            for (name, values) in figures {
                let figure = name == "any" ? own.any : own.findings[name]
                Self.expectEqual(figure?.auroc?.value, values?[0], "\(part) \(name) AUROC")
                Self.expectEqual(figure?.averagePrecision?.value, values?[1], "\(part) \(name) average precision")
            }
        }
    }

    /// The contract's keys and their kinds, whatever else there is.
    @Test func theJSONKeepsTheContract() throws {
        let result = try Self.run("--predictions", "coco.json", "--fold", "1", "--draws", "20", "--json", "-")
        let json = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        for name in ["map50", "map", "map40"] {
            let figure = try #require(json[name] as? [String: Any])
            #expect(figure["value"] is Double && figure["low"] is Double && figure["high"] is Double)
        }
        let classes = try #require(json["per_class"] as? [String: [String: Any]])
        #expect(Set(classes.keys) == ["Mass", "Nodule", "Effusion"])
        #expect(classes["Mass"]?["ap50"] is Double && classes["Mass"]?["n"] is Int)
        // Absent, and said to be: no zero.
        #expect(classes["Effusion"]?["ap50"] is NSNull && classes["Effusion"]?["n"] as? Int == 0)
        let rates = try #require(json["localisation_iou"] as? [String: [String: Double]])
        #expect(Set(rates.keys) == ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"] && rates["0.3"]?["Mass"] != nil)
        #expect(json["froc"] is [String: Any] && json["boxes"] is Int)
        #expect(try json["images"] as? Int == Self.expected().boxed.images)
        #expect((json["split"] as? String)?.hasPrefix("fold 1: ") == true)
        #expect((json["notice"] as? String)?.hasPrefix("research use only") == true)
        // Every group of figures says how it was computed.
        let protocols = try #require(json["protocols"] as? [String: String])
        for key in ["map50", "map", "map40", "coco", "voc", "rsna", "localisation_iou", "froc", "image_level", "tide", "operating_points"] {
            #expect(protocols[key]?.isEmpty == false, "\(key)")
        }
    }

    @Test func everyBadRowIsNamedAndTheRestIsScored() throws {
        let result = try ProgramUnderTest.run(
            ["evaluate", "--dataset", "set", "--predictions", "broken.json", "--fold", "1", "--draws", "0", "--json", "-", "--quiet"],
            in: Self.oracle.folder)
        #expect(result.status == 1)
        let rows = try Self.expected().rows
        for line in [
            "entry \(rows + 1): there is no such image; left out", "entry \(rows + 2): there is no such class in the label map; left out",
            "entry \(rows + 3): the score is not a finite number; left out", "entry \(rows + 4): the box has a negative size; left out",
            "entry \(rows + 5): its bbox is not x, y, width and height; left out",
            "entry \(rows + 6): the box lies outside its image; it counts as false", "entry \(rows + 7): it has no image_id; left out",
            "WARNING: 6 of \(rows + 7) rows of the predictions are left out",
        ] { #expect(result.errors.contains(line), "\(line)") }
        let report = try Self.report(result)
        #expect(report.subject.rowsUsed == rows + 1 && report.subject.rowsLeftOut == 6)
        // The one bad box that is scored is of another fold.
        Self.expectBoxes(report, try Self.expected().boxed)
    }

    @Test func noPredictionsAtAllMissEveryBox() throws {
        let work = try TemporaryFolder()
        try "[]".write(to: work.file("none.json"), atomically: true, encoding: .utf8)
        let result = try Self.run("--predictions", work.file("none.json").path, "--fold", "1", "--draws", "10", "--json", "-")
        #expect(result.status == 0 && result.errors.contains("there are no predictions: every box counts as missed"))
        let report = try Self.report(result)
        #expect(report.map50.value == 0 && report.perClass["Mass"]?.ap50 == 0 && report.perClass["Effusion"]?.ap50 == nil)
        #expect(report.operatingPoints.isEmpty && report.calibrations.isEmpty)
        #expect(report.warnings.contains { $0.severity == .danger && $0.text.contains("no detections at all") })
    }

    @Test func whatIsNoPredictionsIsRefusedInOneLine() throws {
        let work = try TemporaryFolder()
        let cases: [(name: String, text: String, status: Int32, word: String)] = [
            ("empty.json", "", 1, "is empty"), ("half.json", "[{\"image_id\": 1", 1, "not COCO's results"),
            ("object.json", "{\"a\": 1}", 1, "neither COCO's results"),
            ("words.csv", "image,label,x,y,width,height\n", 1, "column of scores"),
            ("text.csv", "just a text\n", 1, "column of images"),
            (
                "strangers.json", "[{\"image_id\": 7777, \"category_id\": 1, \"bbox\": [1, 1, 5, 5], \"score\": 1}]", 1,
                "none of the 1 predictions"
            ),
        ]
        for item in cases {
            try item.text.write(to: work.file(item.name), atomically: true, encoding: .utf8)
            let result = try Self.run("--predictions", work.file(item.name).path, "--json", "-")
            #expect(result.status == item.status && result.output.isEmpty, "\(item.name)")
            #expect(result.errors.contains(item.word) && result.errors.filter(\.isNewline).count == 1, "\(result.errors)")
        }
        #expect(try Self.run("--predictions", work.file("missing.json").path).status == 3)
        #expect(
            try ProgramUnderTest.run(["evaluate", "--dataset", "nowhere", "--predictions", "coco.json"], in: Self.oracle.folder).status == 3
        )
    }

    @Test(
        arguments: [
            ["--predictions", "coco.json", "--fold", "7"], ["--predictions", "coco.json", "--model", "tiny"], [],
            ["--compare", "coco.json"], ["--predictions", "coco.json", "--write-card"], ["--predictions", "coco.json", "--draws", "-1"],
            ["--predictions", "coco.json", "--false-positives-per-100", "0"],
        ])
    func wrongUseIsTwo(_ arguments: [String]) throws {
        #expect(try ProgramUnderTest.run(["evaluate", "--dataset", "set"] + arguments, in: Self.oracle.folder).status == 2)
    }

    @Test func aDetectorComparedWithItselfDiffersInNothing() throws {
        let result = try Self.run("--compare", "coco.json", "yolo", "--fold", "1", "--draws", "60", "--json", "-")
        #expect(result.status == 0)
        let report = try JSONDecoder().decode(ComparisonReport.self, from: Data(result.output.utf8))
        #expect(report.figures.count > 10 && report.figures.contains { $0.name == "ap50 Nodule" })
        for figure in report.figures {
            #expect(abs(figure.comparison.difference.value) < 1e-9 && figure.comparison.pValue == 1, "\(figure.name)")
            #expect(figure.patientsNeeded == nil || abs(figure.comparison.difference.value) > 0)
        }
    }

    @Test func aComparisonIsSecondLessFirst() throws {
        let result = try Self.run("--compare", "coco.json", "other.json", "--fold", "1", "--draws", "200", "--json", "-")
        let report = try JSONDecoder().decode(ComparisonReport.self, from: Data(result.output.utf8))
        for (file, path) in [("coco.json", \PairedComparison.first), ("other.json", \PairedComparison.second)] {
            let alone = try Self.report(try Self.run("--predictions", file, "--fold", "1", "--draws", "0", "--json", "-"))
            let named = Dictionary(uniqueKeysWithValues: report.figures.map { ($0.name, $0.comparison[keyPath: path].value) })
            #expect(named["map50"] == alone.map50.value && named["map"] == alone.map.value)
            // The mean over rates of means over findings, and the other way round.
            #expect(abs((named["cpm"] ?? -1) - (alone.cpm.value ?? -2)) < 1e-12)
            #expect(named["ap50 Mass"] == alone.perClass["Mass"]?.ap50)
            #expect(named["auroc any abnormality"] == alone.imageLevel["all"]?.any.auroc?.value)
        }
        for figure in report.figures {
            let comparison = figure.comparison
            #expect(abs(comparison.difference.value - (comparison.second.value - comparison.first.value)) < 1e-12)
            let power = comparison.powerAnalysis
            #expect(figure.patientsNeeded == power?.patients(toShow: comparison.difference.value))
        }
        let table = try Self.run("--compare", "coco.json", "other.json", "--fold", "1", "--draws", "50")
        #expect(table.output.contains("PATIENTS NEEDED") && table.output.contains("second: other.json"))
    }
}
