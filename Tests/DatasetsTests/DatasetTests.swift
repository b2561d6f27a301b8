import Datasets
import Findings
import Foundation
import Geometry
import PleuraTesting
import Testing

@Suite struct DatasetTests {
    private let classes = [FindingClass(id: 1, name: "Mass"), FindingClass(id: 3, name: "Nodule")]

    private func example(_ directory: URL) -> Dataset {
        Dataset(
            directory: directory, findingClasses: classes,
            images: [
                DatasetImage(
                    id: 4, fileName: "b.png", width: 100, height: 80, patient: "p, \"one\"", view: "PA",
                    boxes: [
                        Annotation(classID: 3, box: Box(x: 0.1, y: 1.0 / 3, width: 20, height: 30.7)),
                        Annotation(classID: 1, box: Box(x: 5, y: 6, width: 7, height: 8)),
                    ]),
                DatasetImage(id: 9, fileName: "a/c.jpg", width: 10, height: 20, patient: "two"),
            ], folds: ["p, \"one\"": 1, "two": 0])
    }

    @Test func whatIsWrittenIsReadBackToTheLastBit() throws {
        let root = try TemporaryFolder()
        let written = try example(root.url).write(to: root.file("set"))
        #expect(try Dataset.read(directory: root.file("set")) == written)
        #expect(written.images == example(root.url).images && written.fold(of: written.images[0]) == 1)
        let names = Set(try Files.names(in: root.file("set")))
        #expect(names == ["images", "annotations.json", "label_map.pbtxt", "folds.csv"])
    }

    @Test func theAnnotationsAreCOCO() throws {
        let root = try TemporaryFolder()
        try example(root.url).write(to: root.file("set"))
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: root.file("set").appendingPathComponent("annotations.json")))
        let document = try #require(object as? [String: [[String: Any]]])
        #expect(Set(document.keys) == ["images", "annotations", "categories"])
        let annotation = try #require(document["annotations"]?.first)
        #expect(Set(annotation.keys) == ["id", "image_id", "category_id", "bbox", "area", "iscrowd"])
        #expect(annotation["image_id"] as? Int == 4 && annotation["category_id"] as? Int == 3 && annotation["id"] as? Int == 1)
        #expect(annotation["bbox"] as? [Double] == [0.1, 1.0 / 3, 20, 30.7])
        #expect(document["images"]?.first?["file_name"] as? String == "b.png")
    }

    @Test func canonicalBytesDependOnTheContentOnly() throws {
        let root = try TemporaryFolder()
        let one = example(root.url)
        var other = example(root.file("elsewhere"))
        other.images.reverse()
        other.images[1].boxes.reverse()
        other.images[0].id = 77
        other.folds["nobody"] = 3
        #expect(one.canonicalBytes == other.canonicalBytes)
        for change in [
            { (set: inout Dataset) in set.images[0].boxes[0].box.x += 1e-9 }, { $0.images[0].patient = "two" }, { $0.folds["two"] = 2 },
            { $0.images[0].boxes[0].classID = 1 }, { $0.findingClasses[0].name = "Masses" }, { $0.images.removeLast() },
        ] {
            var changed = one
            change(&changed)
            #expect(changed.canonicalBytes != one.canonicalBytes)
        }
    }

    @Test func everyProblemOfAnAnnotationFileIsReported() throws {
        let root = try TemporaryFolder()
        let directory = root.file("set")
        try example(root.url).write(to: directory)
        let json = """
            {"images": [{"id": 1, "file_name": "../a.png", "width": 5, "height": 5}, {"id": 2, "file_name": "b.png", "width": 0, "height": 5},
            {"id": 3, "file_name": "c.png", "width": 5, "height": 5}, {"id": 3, "file_name": "d.png", "width": 5, "height": 5},
            {"id": 4, "file_name": "/etc/passwd", "width": 5, "height": 5}],
            "annotations": [{"id": 1, "image_id": 3, "category_id": 1, "bbox": [1, 2, 3]}, {"id": 2, "image_id": 8, "category_id": 2, "bbox": [1, 2, 3, 4]},
            {"id": 3, "image_id": 3, "category_id": 1, "bbox": [1, 2, -3, 4]}], "categories": [{"id": 1, "name": "Cat"}]}
            """
        try Data(json.utf8).write(to: directory.appendingPathComponent("annotations.json"))
        let error = #expect(throws: DatasetError.self) { try Dataset.read(directory: directory) }
        let place = "annotations.json"
        #expect(
            error?.problems == [
                "\(place): category 1 is not the one of label_map.pbtxt", "\(place), image 1: its file name is not a path inside images/",
                "\(place), image 2: its width or height is not positive", "\(place), image 4: its id or its file name occurs twice",
                "\(place), image 5: its file name is not a path inside images/",
                "\(place), annotation 1: its bbox is not x, y and a positive width and height",
                "\(place), annotation 2: its image is not listed",
                "\(place), annotation 2: its category is not in label_map.pbtxt",
                "\(place), annotation 3: its bbox is not x, y and a positive width and height",
            ])
    }

    @Test func filesThatAreNoDatasetAreOneLineErrors() throws {
        let root = try TemporaryFolder()
        #expect(throws: DatasetError(.missing, "annotations.json cannot be opened")) { try Dataset.read(directory: root.url) }
        try example(root.url).write(to: root.url)
        try Data("[1]".utf8).write(to: root.file("annotations.json"))
        #expect(throws: DatasetError(.malformed, "annotations.json is not in COCO's format")) { try Dataset.read(directory: root.url) }
        try example(root.url).write(to: root.url)
        try Data("patient,fold\nx,zero\ny,1\ny,2\n".utf8).write(to: root.file("folds.csv"))
        let error = #expect(throws: DatasetError.self) { try Dataset.read(directory: root.url) }
        #expect(
            error?.problems == ["folds.csv, row 2: not a patient and a fold", "folds.csv, row 4: a patient who is in another fold above"])
        try FileManager.default.removeItem(at: root.file("folds.csv"))
        #expect(try Dataset.read(directory: root.url).folds.isEmpty)
    }

    @Test func anUnwritablePlaceIsAnError() throws {
        let root = try TemporaryFolder()
        try Data().write(to: root.file("file"))
        #expect(throws: DatasetError.self) { try example(root.url).write(to: root.file("file").appendingPathComponent("set")) }
    }
}
