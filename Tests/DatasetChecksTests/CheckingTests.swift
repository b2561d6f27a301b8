import AnnotationFormats
import Basics
import DatasetChecks
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Radiographs
import TableFormats
import Testing

/// A check finds everything that is wrong, says where, and finds nothing on a sound dataset.
@Suite struct CheckingTests {
    private let root: TemporaryFolder
    private let classes = [FindingClass(id: 1, name: "Mass"), FindingClass(id: 2, name: "Nodule")]

    init() throws { root = try TemporaryFolder() }

    private static let pictures = (0..<6).map { DrawnPictures.structured($0) }

    /// Six pictures of six patients, twelve boxes of each finding.
    private func sound(_ name: String = "set", pictures: Range<Int> = 0..<6) throws -> Dataset {
        var images: [DatasetImage] = []
        for (index, picture) in pictures.enumerated() {
            let boxes = (0..<4).map {
                Annotation(classID: 1 + $0 % 2, box: Box(x: Double(20 + 60 * $0), y: Double(30 + 50 * index), width: 40, height: 30))
            }
            images.append(
                DatasetImage(
                    id: index + 1, fileName: "i\(picture).png", width: 512, height: 512, patient: "p\(picture)", boxes: boxes))
        }
        let set = Dataset(directory: root.file(name), findingClasses: classes, images: images, folds: [:])
        let written = try set.write(to: root.file(name))
        for (image, picture) in zip(written.images, pictures) { try Self.pictures[picture].png().write(to: written.url(of: image)) }
        return written
    }

    private func check(_ names: String..., readsPixels: Bool = true) throws -> DatasetCheckReport {
        var checker = DatasetChecker()
        checker.readsPixels = readsPixels
        return try checker.check(names.map { ($0, .directory(root.file($0))) })
    }

    private func kinds(_ report: DatasetCheckReport) -> [String] { report.failures.map { "\($0.kind.rawValue): \($0.line)" }.sorted() }

    @Test func aSoundDatasetHasNoProblem() throws {
        _ = try sound()
        let report = try check("set")
        #expect(report.problems.isEmpty, "\(report.problems)")
        #expect(report.images == 6 && report.boxes == 24 && report.patients == 6 && report.hasReadPixels)
    }

    /// Each image and box is broken in its own way; all are reported with their places.
    @Test func everyProblemIsFoundAndPlaced() throws {
        _ = try sound()
        let folder = root.file("set").appendingPathComponent("images")
        try FileManager.default.removeItem(at: folder.appendingPathComponent("i1.png"))
        let whole = try Data(contentsOf: folder.appendingPathComponent("i2.png"))
        try whole.prefix(whole.count / 2).write(to: folder.appendingPathComponent("i2.png"))
        try Data("text".utf8).write(to: folder.appendingPathComponent("i3.png"))
        let json = """
            {"images": [
            {"id": 1, "file_name": "i0.png", "width": 512, "height": 512, "patient": "a", "part": "train"},
            {"id": 2, "file_name": "i1.png", "width": 512, "height": 512, "patient": "b", "part": "train"},
            {"id": 3, "file_name": "i2.png", "width": 512, "height": 512, "patient": "c"},
            {"id": 4, "file_name": "i3.png", "width": 512, "height": 512, "patient": "d"},
            {"id": 5, "file_name": "i4.png", "width": 500, "height": 512, "patient": "a", "part": "test"},
            {"id": 5, "file_name": "i5.png", "width": 512, "height": 512, "patient": "f"},
            {"id": 7, "file_name": "I5.PNG", "width": 512, "height": 512, "patient": "f"},
            {"id": 8, "file_name": "../i5.png", "width": 512, "height": 512}, null, {"id": "x", "file_name": 5}],
            "annotations": [
            {"image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20]},
            {"image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20]},
            {"image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20.5]},
            {"image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20], "reader": "R2"},
            {"image_id": 1, "category_id": 2, "bbox": [10, 10, 20, 20]},
            {"image_id": 1, "category_id": 9, "bbox": [100, 10, 20, 20]},
            {"image_id": 1, "category_id": 1, "bbox": [200, 10, 0, 20]},
            {"image_id": 1, "category_id": 1, "bbox": [200, 10, 20, -20]},
            {"image_id": 1, "category_id": 1, "bbox": [1, 2, null, 4]},
            {"image_id": 1, "category_id": 1},
            {"image_id": 1, "category_id": 1, "bbox": [500, 300, 40, 40]},
            {"image_id": 1, "category_id": 1, "bbox": [480, 300, 35, 35]},
            {"image_id": 99, "category_id": 1, "bbox": [1, 2, 3, 4]},
            {"image_id": 1, "category_id": 1, "bbox": [300, 2, 30, 40], "agreement": 1.5}, 7],
            "categories": [{"id": 1, "name": "Mass"}, {"id": 2, "name": "Cat"}]}
            """
        try Data(json.utf8).write(to: root.file("set").appendingPathComponent("annotations.json"))
        try Data("patient,fold\na,0\nb,1\na,2\nc,x\n".utf8).write(to: root.file("set").appendingPathComponent("folds.csv"))
        let report = try check("set")
        let document = "set: annotations.json,"
        #expect(
            kinds(report) == [
                "annotation: \(document) annotation 14 (i0.png): its agreement is not between 0 and 1",
                "box-empty: \(document) annotation 10 (i0.png): its bbox is not four numbers",
                "box-empty: \(document) annotation 15: its bbox is not four numbers",
                "box-empty: \(document) annotation 7 (i0.png): the box is empty",
                "box-empty: \(document) annotation 8 (i0.png): the box is inverted",
                "box-empty: \(document) annotation 9 (i0.png): its bbox is not four numbers",
                "box-nearly-twice: \(document) annotation 3 (i0.png): nearly the same box and finding as annotations.json, annotation 1",
                "box-outside: \(document) annotation 11 (i0.png): the box is not on its image of 512 x 512 pixels",
                "box-twice: \(document) annotation 2 (i0.png): the same box and finding as annotations.json, annotation 1",
                "file: set: folds.csv, row 5: not a patient and a fold",
                "finding-unknown: \(document) annotation 15: its category is not in label_map.pbtxt",
                "finding-unknown: \(document) annotation 6 (i0.png): its category is not in label_map.pbtxt",
                "finding-unknown: \(document) category 2: it is not that of label_map.pbtxt",
                "image-missing: \(document) annotation 13: its image is not listed",
                "image-missing: \(document) annotation 15: its image is not listed",
                "image-missing: \(document) image 10: its file name is not a path inside images/",
                "image-missing: \(document) image 2 (i1.png): its file is missing",
                "image-missing: \(document) image 8: its file name is not a path inside images/",
                "image-missing: \(document) image 9: its file name is not a path inside images/",
                "image-size: \(document) image 5 (i4.png): it is said to have 500 x 512 pixels and has 512 x 512",
                "image-twice: \(document) image 6 (i5.png): it has the id of annotations.json, image 5",
                "image-twice: \(document) image 7 (I5.PNG): the file is listed above as annotations.json, image 6",
                "image-unreadable: \(document) image 3 (i2.png): its file cannot be read: "
                    + (report.problems.first { $0.place.hasSuffix("image 3") }?.message.split(separator: ": ", maxSplits: 1).last ?? ""),
                "image-unreadable: \(document) image 4 (i3.png): its file cannot be read: unknown format: the content is none of PNG, JPEG",
                "patient-leak: \(document) image 5 (i4.png): its patient is that of annotations.json, image 1 (i0.png), "
                    + "which is in part \"train\", this one in \"test\"",
                "patient-leak: set: folds.csv, row 4: the patient of row 2 is in another fold here",
            ])
        #expect(Set(report.warnings.map(\.kind)) == [.boxOverEdge, .findingRare, .foldMissing])
        // Without pixels a file that is cut off is not seen, and a size still is.
        let quick = try check("set", readsPixels: false)
        #expect(!quick.hasReadPixels && Set(kinds(report)).subtracting(kinds(quick)).allSatisfy { $0.hasPrefix("image-unreadable") })
    }

    /// The same picture under two names: in one part it is there twice, in two it is a leak, across datasets too.
    @Test func theSamePictureUnderTwoNamesIsFound() throws {
        var set = try sound()
        let copy = try JPEGDecoder().decode(
            Self.pictures[2].jpegThumbnail(maximumSide: 300, quality: 60), frame: 1, limits: DecodingLimits())
        for (name, part) in [("again.jpg", "train"), ("secret.jpg", "test")] {
            set.images.append(
                DatasetImage(
                    id: set.images.count + 1, fileName: name, width: copy.pixels.width, height: copy.pixels.height, patient: "new " + name,
                    part: part))
            try copy.pixels.jpegThumbnail(maximumSide: 300, quality: 70).write(to: set.directory.appendingPathComponent("images/\(name)"))
        }
        set.images[2].part = "train"
        try set.write(to: set.directory)
        _ = try sound("other", pictures: 1..<2)
        let report = try check("set", "other")
        #expect(
            kinds(report) == [
                "patient-leak: other: annotations.json, image 1 (i1.png): its patient is that of set: annotations.json, image 2 (i1.png), "
                    + "which is another dataset",
                "picture-leak: other: annotations.json, image 1 (i1.png): the same picture as set: annotations.json, image 2 (i1.png), "
                    + "which is another dataset",
                "picture-leak: set: annotations.json, image 8 (secret.jpg): the same picture as annotations.json, image 3 (i2.png), "
                    + "which is in part \"train\", this one in \"test\"",
                "picture-twice: set: annotations.json, image 7 (again.jpg): the same picture as annotations.json, image 3 (i2.png)",
            ])
        set.folds = ["p2": 0, "new again.jpg": 1]
        try set.write(to: set.directory)
        let message = try check("set").failures.first { $0.image == "again.jpg" }?.message
        #expect(message == "the same picture as annotations.json, image 3 (i2.png), which is in fold 0, this one in fold 1")
    }

    @Test func filesThatAreNoneAreSaid() throws {
        for (name, content) in [("json", "{\"images\": [}"), ("list", "[1, 2]"), ("nan", "{\"images\": [], \"annotations\": [NaN]}")] {
            _ = try sound(name)
            try Data(content.utf8).write(to: root.file(name).appendingPathComponent("annotations.json"))
            #expect(kinds(try check(name)) == ["file: \(name): annotations.json: it is not JSON, or not one object"])
        }
        _ = try sound("none")
        try Data("{}".utf8).write(to: root.file("none").appendingPathComponent("annotations.json"))
        try Data("item {".utf8).write(to: root.file("none").appendingPathComponent("label_map.pbtxt"))
        #expect(
            kinds(try check("none")) == [
                "file: none: annotations.json: it has no list \"annotations\"", "file: none: annotations.json: it has no list \"images\"",
                "file: none: label_map.pbtxt: line 1: the end of the file found, expected } at the end of an item",
            ])
    }

    /// Boxes drawn twice, against a look at every pair.
    @Test func doubledBoxesAreThoseOfAllPairs() throws {
        var generator = SeededGenerator(seed: 77)
        var set = try sound()
        for index in set.images.indices {
            set.images[index].boxes = (0..<60).map { _ in
                func side(_ range: ClosedRange<Double>) -> Double { (generator.uniform(range) * 2).rounded() / 2 }
                return Annotation(
                    classID: 1 + Int(generator.next() % 2), box: Box(x: side(10...14), y: side(10...14), width: side(60...64), height: 70),
                    reader: [nil, "a", "b"][Int(generator.next() % 3)])
            }
        }
        try set.write(to: set.directory)
        var expected: [String] = []
        var number = 0
        for image in set.images {
            for (late, box) in image.boxes.enumerated() {
                number += 1
                let earlier = image.boxes[..<late].filter {
                    $0.classID == box.classID && $0.reader == box.reader && $0.box.intersectionOverUnion(box.box) > 0.95
                }
                guard let first = earlier.first else { continue }
                expected.append("\(number) \(first.box == box.box ? "box-twice" : "box-nearly-twice")")
            }
        }
        let found = try check("set", readsPixels: false).failures.map {
            "\($0.place.split(separator: " ").last ?? "") \($0.kind.rawValue)"
        }
        #expect(expected.count > 100 && found.sorted() == expected.sorted())
    }

    /// Another tool's annotations: what an import cannot take is the report, and copies are looked for too.
    @Test func annotationsOfOtherToolsAreChecked() throws {
        _ = try sound("nih")
        let folder = root.file("nih")
        for name in ["annotations.json", "label_map.pbtxt", "folds.csv"] {
            try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
        try FileManager.default.copyItem(
            at: folder.appendingPathComponent("images/i0.png"), to: folder.appendingPathComponent("images/copy.png"))
        let rows = """
            Image Index,Finding Label,Bbox [x,y,w,h],,,,,,
            i0.png,Mass,10,10,50,50,,,
            copy.png,Mass,10,10,50,50,,,
            i1.png,Mass,10,10,-50,50,,,
            gone.png,Mass,10,10,50,50,,,
            i2.png,Mass,500,10,50,50,,,
            i3.png,Mass,20,10,50,50,,,
            i3.png,Mass,20,10,50,50,,,
            """
        try Data(rows.utf8).write(to: folder.appendingPathComponent("BBox_List_2017.csv"))
        #expect(!DatasetChecker.isDataset(folder))
        let source = try AnnotationSource(folder)
        let report = try DatasetChecker().check([
            ("nih", .annotations(source, try AnnotationFormats.recognised(source), DatasetImporter()))
        ])
        #expect(
            report.failures.map(\.line) == [
                "nih: BBox_List_2017.csv, row 4: the box is not x, y and a positive width and height",
                "nih: BBox_List_2017.csv, row 5: its image is not there",
                "nih: BBox_List_2017.csv, row 6: a box that is not on its image",
                "nih: image 3, box 2 (i3.png): the same box and finding as image 3, box 1",
                "nih: image 2 (copy.png): the same picture as image 1 (i0.png)",
            ])
    }

    /// The largest real dataset at hand: 1,003 radiographs, where only known faults may be found.
    @Test(.enabled(if: Repository.realData != nil, "the real radiographs are not on this machine"))
    func realDatasetsAreSound() throws {
        let data = try #require(Repository.realData)
        let set = try DatasetImporter().importDataset(
            AnnotationSource(data.appendingPathComponent("nih-boxes")), format: NIHFormat(),
            normals: [AnnotationSource(data.appendingPathComponent("nih-normal"))], to: root.file("real")
        ).dataset
        let report = try DatasetChecker().check([("real", .directory(set.directory))])
        #expect(report.images == 1_003 && report.boxes == 788 && report.failures.isEmpty, "\(report.failures.map(\.line))")
    }
}
