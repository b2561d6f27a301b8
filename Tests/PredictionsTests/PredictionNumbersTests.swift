import Datasets
import Evaluation
import Findings
import Foundation
import Geometry
import PleuraTesting
import Predictions
import Testing

/// Which image and which finding a number means in another tool's results.
@Suite struct PredictionNumbersTests {
    private static let classes = [FindingClass(id: 1, name: "Nodule"), FindingClass(id: 2, name: "Mass")]

    /// Images with ids from 1 in the order of the names.
    private static func images(_ names: [String]) -> [DatasetImage] {
        names.enumerated().map { index, name in
            DatasetImage(
                id: index + 1, fileName: name, width: 100, height: 80, patient: name,
                boxes: [Annotation(classID: 1, box: Box(x: Double(index), y: 0, width: 10, height: 10))])
        }
    }

    /// As an import numbers them: by name, so that 10 comes before 2.
    private static let numbered = images(["1.png", "10.png", "11.png", "12.png", "2.png", "3.png"])

    private static func read(_ text: String, _ name: String = "predictions.json", images: [DatasetImage], classes: [FindingClass] = classes)
        throws
        -> PredictionFile
    {
        let root = try TemporaryFolder()
        try Data(text.utf8).write(to: root.file(name))
        return try PredictionFile.read(root.file(name), images: images, findingClasses: classes)
    }

    /// The images that rows are about, by id; 0 for a row of no image.
    private static func ids(_ file: PredictionFile, images: [DatasetImage]) throws -> [Int] {
        let check = try PredictionCheck(
            images: images.map { EvaluatedImage($0, findingClasses: classes) }, findingClasses: classes)
        return file.rows.map { row in
            let checked = try? check.check([row])
            return checked?.images.firstIndex { !$0.detections.isEmpty }.map { images[$0].id } ?? 0
        }
    }

    private static func entry(_ image: String, _ more: String = "") -> String {
        "{\"image_id\": \(image)\(more.isEmpty ? "" : ", \(more)"), \"category_id\": 1, \"bbox\": [1, 2, 3, 4], \"score\": 0.5}"
    }

    private static func meant(_ entries: [String], _ images: [DatasetImage]) throws -> [Int] {
        try ids(read("[\(entries.joined(separator: ", "))]", images: images), images: images)
    }

    @Test func aNameBesideANumberGoesBeforeIt() throws {
        for key in ["file_name", "filename", "image", "image_path"] {
            let entries = [("2", "2.png"), ("10", "x/10.jpg"), ("1", "1")].map { Self.entry($0, "\"\(key)\": \"\($1)\"") }
            #expect(try Self.meant(entries, Self.numbered) == [5, 2, 1], "\(key)")
        }
    }

    @Test func aNumberThatCouldMeanTwoImagesIsRefused() throws {
        let error = #expect(throws: EvaluationError.self) { try Self.meant([Self.entry("1"), Self.entry("2")], Self.numbered) }
        #expect(
            error?.reason.hasSuffix(
                "could be the id of an image in the dataset or the number in the name of another; give the names of the images, as file_name "
                    + "beside image_id or in its place") == true)
        #expect(error?.reason.contains("the number 2 ") == true)
        // A table that calls the column by an id says no more.
        let table = "image_id,label,x,y,width,height,score\n1,Mass,1,2,3,4,0.5\n2,Mass,1,2,3,4,0.5\n"
        #expect(throws: EvaluationError.self) { try Self.read(table, "t.csv", images: Self.numbered) }
        // One that says file does.
        let named = table.replacingOccurrences(of: "image_id", with: "file")
        #expect(try Self.ids(Self.read(named, "t.csv", images: Self.numbered), images: Self.numbered) == [1, 5])
    }

    @Test func whereBothMeaningsAreOneThereIsNothingToRefuse() throws {
        let images = Self.images(["1.png", "2.png", "3.png"])
        #expect(try Self.meant([Self.entry("3"), Self.entry("1")], images) == [3, 1])
    }

    @Test func rowsWithANameShowWhatTheOthersMean() throws {
        // Ultralytics' way, and COCO's.
        #expect(try Self.meant([Self.entry("10", "\"file_name\": \"10.png\""), Self.entry("2")], Self.numbered) == [2, 5])
        #expect(try Self.meant([Self.entry("2", "\"file_name\": \"10.png\""), Self.entry("3")], Self.numbered) == [2, 3])
    }

    @Test func aMajorityDecidesNothing() throws {
        // 99 is no image by either meaning: that more of the others are names than ids may be chance.
        let images = Self.images(["2.png", "1.png", "30.png"])
        #expect(throws: EvaluationError.self) { try Self.meant(["1", "2", "30", "99"].map { Self.entry($0) }, images) }
        #expect(throws: EvaluationError.self) { try Self.meant(["1", "2", "3", "99"].map { Self.entry($0) }, images) }
        #expect(try Self.meant(["1", "2", "30"].map { Self.entry($0) }, images) == [2, 1, 3])
    }

    @Test func aMeaningThatAllOfTheNumbersHaveIsTaken() throws {
        // Only as ids are all of them known, and only as names.
        let few = Self.images(["3.png", "a.png", "b.png"])
        #expect(try Self.meant([Self.entry("1"), Self.entry("2"), Self.entry("3")], few) == [1, 2, 3])
        let many = Self.images(["7.png", "1.png", "12.png"])
        #expect(try Self.meant([Self.entry("7"), Self.entry("1"), Self.entry("12")], many) == [1, 2, 3])
    }

    @Test func namesWithZerosBeforeThemAreMeantByTheirNumbers() throws {
        let images = Self.images(["000123.png", "000007.png", "part/000456.png"])
        #expect(try Self.meant([Self.entry("123"), Self.entry("456"), Self.entry("7")], images) == [1, 3, 2])
        #expect(try Self.meant([Self.entry("\"000123\""), Self.entry("\"000456\"")], images) == [1, 3])
        let table = "image_id,label,x,y,width,height,score\n123,Mass,1,2,3,4,0.5\n7,Mass,1,2,3,4,0.5\n"
        #expect(try Self.ids(Self.read(table, "t.csv", images: images), images: images) == [1, 2])
        let twins = Self.images(["1.png", "01.png", "8.png"])
        #expect(throws: EvaluationError.self) { try Self.meant([Self.entry("8"), Self.entry("1"), Self.entry("100")], twins) }
    }

    @Test func pleurasOwnIDsGoOnToBeIDs() throws {
        let images = Self.images(["chest a.png", "chest b.png", "ward/c.png"])
        #expect(try Self.meant([Self.entry("3"), Self.entry("1"), Self.entry("9")], images) == [3, 1, 0])
        #expect(try Self.meant([Self.entry("\"2\"")], images) == [2])
    }

    @Test func idsThatBeginAtZeroAreOfAnotherList() throws {
        let images = Self.images(["a.png", "b.png", "c.png"])
        let error = #expect(throws: EvaluationError.self) { try Self.meant([Self.entry("0"), Self.entry("1"), Self.entry("2")], images) }
        #expect(error?.reason.hasPrefix("the ids of the images begin at 0 and those of the dataset at 1") == true)
        // The number in a name may be 0.
        #expect(try Self.meant([Self.entry("0"), Self.entry("7")], Self.images(["0.png", "7.png"])) == [1, 2])
        // Ids that became decimals, as where a table had a gap.
        let table = "image_id,label,x,y,width,height,score\n1.0,Mass,1,2,3,4,0.5\n3.0,Mass,1,2,3,4,0.5\n"
        #expect(try Self.ids(Self.read(table, "t.csv", images: images), images: images) == [1, 3])
    }

    @Test func aPathMeansNoImageOfAnotherFolder() throws {
        let images = Self.images(["train/1.png", "valid/2.png", "valid/1.png", "b.png"])
        let paths = [
            "\"train/1.png\"", "\"/data/set/valid/1.png\"", "\"test/1.png\"", "\"1.png\"", "\"2.png\"", "\"x/b.png\"",
            "\"C:\\\\set\\\\valid\\\\2.png\"",
        ]
        #expect(try Self.meant(paths.map { Self.entry($0) }, images) == [1, 3, 0, 0, 2, 4, 2])
    }

    @Test func findingsThatAreCountedFromZeroAreToldAndTaken() throws {
        let images = Self.images(["a.png", "b.png"])
        func rows(_ categories: [String]) throws -> ([PredictedBox.Category], [String]) {
            let entries = categories.map { "{\"image_id\": \"a\", \($0), \"bbox\": [1, 2, 3, 4], \"score\": 0.5}" }
            let file = try Self.read("[\(entries.joined(separator: ", "))]", images: images)
            return (file.rows.map(\.category), Array(file.problems))
        }
        #expect(try rows(["\"category_id\": 1", "\"category_id\": 2"]).0 == [.id(1), .id(2)])
        let shifted = try rows(["\"category_id\": 0", "\"category_id\": 1"])
        #expect(shifted.0 == [.index(0), .index(1)])
        #expect(shifted.1 == ["the numbers of the findings begin at 0: they are taken as places in the label map, not as its ids"])
        // A name beside goes before any number.
        #expect(
            try rows(["\"category_id\": 0, \"category_name\": \"Mass\"", "\"class\": 1, \"name\": \"Nodule\""]).0 == [
                .name("Mass"), .name("Nodule"),
            ])
        #expect(try rows(["\"class\": 0", "\"class\": 1"]).0 == [.index(0), .index(1)])
        #expect(throws: EvaluationError.self) { try rows(["\"class\": 1"]) }
    }

    @Test func ultralyticsOwnJSONIsRead() throws {
        let images = Self.images(["a.png", "b.png"])
        let text = """
            [{"image": "b.png", "name": "Mass", "class": 1, "confidence": 0.75, "box": {"x1": 1.0, "y1": 2.0, "x2": 11.0, "y2": 22.0}}]
            """
        let row = try #require(try Self.read(text, images: images).rows.first)
        #expect(
            row.box == Box(x: 1, y: 2, width: 10, height: 20) && row.score == 0.75 && row.category == .name("Mass") && row.image == "b.png")
        // Without the image's name nothing can be told.
        let file = try Self.read(text.replacingOccurrences(of: "\"image\": \"b.png\", ", with: ""), images: images)
        #expect(file.rows.isEmpty && Array(file.problems) == ["entry 1: it has no image_id; left out"])
    }

    @Test func instancesWithScoresBringTheirOwnNames() throws {
        let text = """
            {"images": [{"id": 1, "file_name": "10.png"}, {"id": 2, "file_name": "1.png"}], "categories": [{"id": 1, "name": "Mass"}],
             "annotations": [\(Self.entry("1")), \(Self.entry("2"))]}
            """
        let file = try Self.read(text, images: Self.numbered)
        #expect(file.rows.map(\.image) == ["10.png", "1.png"] && file.rows.map(\.category) == [.name("Mass"), .name("Mass")])
    }

    @Test(arguments: [String.Encoding.utf8, .utf16, .utf16LittleEndian, .utf32])
    func anyEncodingIsRead(encoding: String.Encoding) throws {
        let root = try TemporaryFolder()
        try #require("[\(Self.entry("\"a\""))]".data(using: encoding)).write(to: root.file("p.json"))
        #expect(try PredictionFile.read(root.file("p.json"), images: Self.images(["a.png"]), findingClasses: Self.classes).rows.count == 1)
        try #require("image;label;x;y;w;h;score\na;Mass;1,5;2;3;4;0,5\n".data(using: encoding)).write(to: root.file("p.csv"))
        let rows = try PredictionFile.read(root.file("p.csv"), images: Self.images(["a.png"]), findingClasses: Self.classes).rows
        #expect(rows.map(\.box) == [Box(x: 1.5, y: 2, width: 3, height: 4)] && rows.map(\.score) == [0.5])
    }

    @Test func brokenJSONIsToldByItsLine() {
        let images = Self.images(["a.png"])
        func reason(_ text: String) -> String? { #expect(throws: EvaluationError.self) { try Self.read(text, images: images) }?.reason }
        #expect(reason("[{\"image_id\": 1},\n{\"image_id\" 2}]")?.hasSuffix("the file, line 2: not JSON") == true)
        #expect(reason("{\"images\": [\n{]}")?.hasSuffix("the file, line 2: not JSON") == true)
    }
}
