import AnnotationFormats
import Datasets
import Findings
import Foundation
import Interchange
import PleuraTesting
import TableFormats
import Testing

@Suite struct ImagePathTests {
    private static let table = "image,label,x,y,w,h\n"

    private func outcome(
        names: [String], images: [String], folder: String = "", stripping: Int = 0, skipsInvalid: Bool = false
    ) throws -> (outcome: DatasetImporter.Outcome?, problems: [String], advice: String?) {
        let rows = names.map { "\"\($0)\",Mass,1,2,10,10\n" }.joined()
        let sample = try AnnotationSample(images: images, files: [folder + "boxes.csv": Self.table + rows])
        var source = try sample.source
        source.strippedFolders = stripping
        var importer = DatasetImporter()
        importer.skipsInvalid = skipsInvalid
        do {
            let outcome = try importer.importDataset(source, format: BoxTableFormat(), to: sample.root.file("dataset"))
            let files = outcome.dataset.images.map { outcome.dataset.url(of: $0).path }
            #expect(files.allSatisfy(FileManager.default.isReadableFile))
            return (outcome, Array(outcome.problems), nil)
        } catch let error as DatasetError {
            return (nil, Array(error.problems), error.advice)
        }
    }

    @Test(arguments: [
        ("valid/1.png", ["train/1.png"]), ("valid/1.jpg", ["train/1.png"]), ("a/b/1.png", ["c/1.png"]),
        ("C:\\data\\valid\\1.png", ["train/1.png"]), ("/home/x/valid/1.png", ["train/1.png"]), ("valid%5C1.png", ["train/1.png"]),
        ("other/images/1.png", ["some/images/1.png"]),
    ])
    func noFileIsTakenWhosePathDoesNotFit(_ name: String, _ images: [String]) throws {
        let (outcome, problems, advice) = try outcome(names: [name], images: images)
        #expect(outcome == nil)
        #expect(problems == ["boxes.csv, row 2: its image is not there: the files of that name are in other folders"])
        #expect(advice?.contains("--images DIR") == true && advice?.contains("--strip-path N") == true)
    }

    @Test(arguments: [
        ("C:\\x\\a.png", "a.png", "a.png"), ("images\\a.png", "a.png", "a.png"), ("/home/x/a.png", "a.png", "a.png"),
        ("images%5Ca.png", "images/a.png", "images/a.png"), ("file:///x/y/a.png", "y/a.png", "y/a.png"), ("../a.png", "a.png", "a.png"),
        ("\\\\server\\share\\train\\a.png", "train/a.png", "train/a.png"), ("x%20y.png", "x y.png", "x y.png"),
        ("A.PNG", "a.png", "A.png"), ("a.bmp", "sub/a.png", "a.png"), ("a", "a.png", "a.png"), ("50%25.png", "50%25.png", "50%25.png"),
        ("1.2.276.0.1.101", "1.2.276.0.1.101.png", "1.2.276.0.1.101.png"),
    ])
    func aPathOfAnotherMachineMeansTheOneFileThatFits(_ name: String, _ image: String, _ kept: String) throws {
        let (outcome, problems, _) = try outcome(names: [name], images: [image, "another/b.png"])
        #expect(problems == [])
        #expect(outcome?.dataset.images.map(\.fileName) == [kept])
        #expect(outcome?.dataset.boxCount == 1)
        // Said wherever folders were set aside, and only there.
        let isHealed = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).count > kept.split(separator: "/").count
        #expect(
            (outcome?.notes.contains { $0 == "1 image path was matched to a file by its ending" } ?? false) || !isHealed,
            "\(String(describing: outcome?.notes))")
    }

    @Test func whatIsAmbiguousIsRefused() throws {
        #expect(
            try outcome(names: ["1.png"], images: ["a/1.png", "b/1.png"]).problems == [
                "boxes.csv, row 2: several image files have this name"
            ])
        #expect(
            try outcome(names: ["1.png"], images: ["1.jpg", "1.jpeg"]).problems == ["boxes.csv, row 2: several image files have this name"])
        #expect(try outcome(names: ["1"], images: ["1.jpg", "1.png"]).problems == ["boxes.csv, row 2: several image files have this name"])
        // The file's own suffix decides.
        #expect(try outcome(names: ["1.png"], images: ["1.jpg", "1.png"]).outcome?.dataset.images.map(\.fileName) == ["1.png"])
        // The longest ending decides.
        #expect(try outcome(names: ["x/b/1.png"], images: ["1.png", "b/1.png"]).outcome?.dataset.images.map(\.fileName) == ["b/1.png"])
    }

    @Test func twoNamesDoNotShareAFile() throws {
        let near = "its image is not there, and the nearest file belongs to another name"
        #expect(try outcome(names: ["a.jpg", "a.png"], images: ["a.png"]).problems == ["boxes.csv, row 2: \(near)"])
        #expect(
            try outcome(names: ["/x/a.png", "/y/a.png"], images: ["a.png"]).problems == [
                "boxes.csv, row 2: \(near)", "boxes.csv, row 3: \(near)",
            ])
        let both = try outcome(names: ["a.jpg", "a.png"], images: ["a.png"], skipsInvalid: true)
        #expect(both.outcome?.dataset.boxCount == 1 && both.problems.count == 1)
    }

    @Test func foldersAreStrippedWhereAsked() throws {
        let name = "export/2024/valid/1.png"
        #expect(try outcome(names: [name], images: ["pictures/1.png"]).outcome == nil)
        #expect(try outcome(names: [name], images: ["pictures/1.png"], stripping: 3).outcome?.dataset.images.map(\.fileName) == ["1.png"])
        #expect(try outcome(names: [name], images: ["valid/1.png", "train/1.png"], stripping: 2).outcome?.dataset.boxCount == 1)
        // The file's name itself is never stripped.
        #expect(try outcome(names: ["1.png"], images: ["1.png"], stripping: 9).outcome?.dataset.boxCount == 1)
    }

    @Test func aFolderOfImagesMayBeNamed() throws {
        let sample = try AnnotationSample(
            images: ["elsewhere/a.png"], files: ["set/boxes.csv": Self.table + "D:\\scans\\a.png,Mass,1,2,10,10\n"])
        let source = try AnnotationSource(
            sample.folder.appendingPathComponent("set"), imageFolders: [sample.folder.appendingPathComponent("elsewhere")])
        let dataset = try DatasetImporter().importDataset(source, format: BoxTableFormat(), to: sample.root.file("dataset")).dataset
        #expect(dataset.images.map(\.fileName) == ["a.png"] && dataset.boxCount == 1)
    }

    @Test func aListOfYOLODoesNotTakeAnotherPartsImage() throws {
        let sample = try AnnotationSample(
            images: ["images/train/1.png"],
            files: [
                "data.yaml": "train: images/train\nval: valid.txt\nnames: [Mass]\n", "valid.txt": "/content/images/valid/1.png\n",
                "labels/train/1.txt": "0 0.5 0.5 0.2 0.2\n",
            ])
        #expect(try sample.problems(YOLOFormat()) == ["valid.txt, line 1: its image is not there"])
    }

    @Test func resultsGoToTheImageWhosePathFits() {
        let names = ImageNames(["train/1.png", "2.png", "a/3.png", "b/3.png", "4.png", "4.jpg", "1.2.3.101.png"])
        #expect(names.match("/data/train/1.dcm") == .one(0))
        #expect(names.match("/data/valid/1.dcm") == .none)
        #expect(names.match("/anywhere/2.jpg") == .one(1))
        #expect(names.match("/data/b/3.png") == .one(3))
        #expect(names.match("3.png") == .several)
        #expect(names.match("/x/4.jpg") == .one(5) && names.match("/x/4.dcm") == .several)
        #expect(names.match("/x/1.2.3.101") == .one(6) && names.match("/x/1.2.3.102") == .none)
    }
}
