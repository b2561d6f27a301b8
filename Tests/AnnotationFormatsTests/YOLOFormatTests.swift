import AnnotationFormats
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Testing

@Suite struct YOLOFormatTests {
    /// As Ultralytics' own `coco8.yaml`.
    private static let yaml = """
        # COCO8 dataset (first 8 images from COCO train2017) by Ultralytics
        path: ../datasets/coco8 # dataset root dir
        train: images/train # train images (relative to 'path') 4 images
        val: images/val # val images (relative to 'path') 4 images
        test: # test images (optional)

        # Classes
        names:
          0: Nodule
          1: "Pleural: effusion"
          2: Mass

        download: https://example.org/coco8.zip
        """

    private func same(_ box: Box?, _ expected: Box, sourceLocation: SourceLocation = #_sourceLocation) {
        guard let box else {
            Issue.record("no box", sourceLocation: sourceLocation)
            return
        }
        let pairs = zip([box.x, box.y, box.maxX, box.maxY], [expected.x, expected.y, expected.maxX, expected.maxY])
        #expect(pairs.allSatisfy { abs($0 - $1) < 1e-9 }, "\(box) is not \(expected)", sourceLocation: sourceLocation)
    }

    @Test func ultralyticsLayoutIsReadAsItStands() throws {
        let sample = try AnnotationSample(
            images: ["images/train/a.png", "images/train/ward/b.png", "images/val/c.png", "images/val/d.png"],
            files: [
                "data.yaml": Self.yaml, "labels/train/a.txt": "1 0.5 0.25 0.25 0.5\n0 0.125 0.5 0.25 0.125 \r\n\n",
                "labels/train/ward/b.txt": "", "labels/val/c.txt": "2 0.5 0.5 1 1 0.875\n0 0.25 0.25 0.5 0.25 0.5 0.75\n",
            ])
        let outcome = try sample.outcome(expecting: "yolo")
        let dataset = outcome.dataset
        #expect(
            dataset.findingClasses == [
                FindingClass(id: 1, name: "Nodule"), FindingClass(id: 2, name: "Pleural: effusion"), FindingClass(id: 3, name: "Mass"),
            ])
        #expect(dataset.images.map(\.fileName) == ["a.png", "ward/b.png", "c.png", "d.png"])
        #expect(dataset.images.map(\.part) == ["train", "train", "val", "val"])
        #expect(dataset.images.map { $0.boxes.map(\.classID) } == [[2, 1], [], [3, 1], []])
        same(dataset.images[0].boxes[0].box, Box(x: 24, y: 0, width: 16, height: 24))
        same(dataset.images[0].boxes[1].box, Box(x: 0, y: 21, width: 16, height: 6))
        same(dataset.images[2].boxes[0].box, Box(x: 0, y: 0, width: 64, height: 48))
        same(dataset.images[2].boxes[1].box, Box(x: 16, y: 12, width: 16, height: 24))
        #expect(
            outcome.notes == [
                "1 outlines have the upright box around them", "1 boxes have a confidence, which is not carried",
                "1 images without a text have no box",
            ])
        #expect(try sample.outcome("data.yaml", expecting: "yolo").dataset.images == dataset.images)
    }

    @Test func roboflowsLayoutAndNamesAsAListAreRead() throws {
        let yaml = """
            train: ../train/images
            val: ../valid/images
            test: ../test/images

            nc: 2
            names: ['Nodule', 'Mass']

            roboflow:
              workspace: x
              url: https://example.org
            """
        let sample = try AnnotationSample(
            images: ["train/images/a.png", "valid/images/a.png"],
            files: [
                "data.yaml": yaml, "train/labels/a.txt": "0 0.5 0.5 0.5 0.5", "valid/labels/a.txt": "1 0.5 0.5 0.25 0.5",
                "README.roboflow.txt": "chests - v1", "test/images/.keep": "",
            ])
        #expect(try sample.problems(YOLOFormat()) == ["data.yaml: its \"test\" names nothing that is inside the folder"])
        try sample.write(Data(yaml.replacingOccurrences(of: "test: ../test/images\n", with: "").utf8), to: "data.yaml")
        let dataset = try sample.outcome(expecting: "yolo").dataset
        // The same name in two parts: the path tells them apart.
        #expect(dataset.images.map(\.fileName) == ["train/images/a.png", "valid/images/a.png"])
        #expect(dataset.images.map(\.part) == ["train", "val"])
        #expect(dataset.images.map { $0.boxes.map(\.classID) } == [[1], [2]])
    }

    @Test func listsOfAnotherMachineAreRead() throws {
        let sample = try AnnotationSample(
            images: ["obj/a.png", "obj/b.png", "obj/c.png"],
            files: [
                "obj.data": "classes = 1\ntrain = data/train.txt\nvalid = data/test.txt\nnames = data/obj.names\nbackup = backup/\n",
                "obj.names": "Nodule\n\n", "train.txt": "data/obj/a.png\n/home/x/darknet/data/obj/b.png\n", "test.txt": "./obj/c.png\n",
                "obj/a.txt": "0 0.5 0.5 0.5 0.5", "obj/b.txt": "", "obj/c.txt": "0 0.5 0.5 0.25 0.5",
            ])
        let dataset = try sample.outcome(expecting: "yolo").dataset
        #expect(dataset.images.map(\.fileName) == ["a.png", "b.png", "c.png"])
        #expect(dataset.images.map(\.part) == ["train", "train", "valid"])
        #expect(dataset.images.map(\.boxes.count) == [1, 0, 1])
        try sample.write(Data("obj/nowhere.png\nobj/c.png\n/etc/passwd\n".utf8), to: "train.txt")
        #expect(
            try sample.problems(YOLOFormat()) == [
                "train.txt, line 1: its image is not there", "train.txt, line 3: its image is not there",
                "test.txt, line 1: an image that another part has too",
            ])
    }

    @Test func labelImgsTextsBesideTheImagesAreRead() throws {
        let sample = try AnnotationSample(
            images: ["a.png", "b.png"],
            files: ["classes.txt": "dog\nNodule\n", "a.txt": "1 0.500000 0.500000 0.250000 0.500000\n", "b.txt": ""])
        let dataset = try sample.outcome(expecting: "yolo").dataset
        #expect(dataset.findingClasses.map(\.name) == ["dog", "Nodule"])
        #expect(dataset.images.map(\.fileName) == ["a.png", "b.png"])
        #expect(dataset.images.map(\.part) == [nil, nil])
        same(dataset.images.first?.boxes.first?.box, Box(x: 24, y: 12, width: 16, height: 24))
    }

    @Test func everyProblemIsSaidByFileAndLine() throws {
        let lines = [
            "0 0.5 0.5 0.5 0.5", "0 0.5 0.5 0.5", "0 nan 0.5 0.5 0.5", "0 x 0.5 0.5 0.5", "3 0.5 0.5 0.5 0.5", "-1 0.5 0.5 0.5 0.5",
            "0.5 0.5 0.5 0.5 0.5", "0 1.5 0.5 0.5 0.5", "0 0.5 -0.1 0.5 0.5", "0 0.5 0.5 0 0.5", "0 1e400 0.5 0.5 0.5",
            "0 0.5 0.5 0.5 0.5 0.5 0.5 0.5", "1e300 0.5 0.5 0.5 0.5", "0 0.99 0.5 0.5 0.5",
        ]
        let sample = try AnnotationSample(
            images: ["images/train/a.png", "images/val/c.png"],
            files: [
                "data.yaml": Self.yaml, "labels/train/a.txt": lines.joined(separator: "\n"), "labels/train/b.txt": "0 0.5 0.5 0.5 0.5",
            ])
        try sample.write(Data([0xFF, 0xFE, 0x30]), to: "labels/val/c.txt")
        let place = "labels/train/a.txt, line"
        #expect(
            try sample.problems(YOLOFormat()) == [
                "\(place) 2: not a class number and four fractions", "\(place) 3: a field that is not a number",
                "\(place) 4: a field that is not a number", "\(place) 5: the class number is not in the list of names",
                "\(place) 6: the class number is not in the list of names", "\(place) 7: the class number is not in the list of names",
                "\(place) 8: a fraction that is not between 0 and 1", "\(place) 9: a fraction that is not between 0 and 1",
                "\(place) 11: a field that is not a number", "\(place) 12: not a class number and four fractions",
                "\(place) 13: the class number is not in the list of names", "labels/val/c.txt, line 1: not UTF-8 text",
                "labels/train/b.txt: its image is not there", "\(place) 10: the box is empty, inverted or not numbers",
                "\(place) 14: a box that is not on its image",
            ])
    }

    private static let head = "train: images\nval: images\n"

    private static let broken: [(String, String)] = [
        ("", "data.yaml: the file is empty"), ("names: [a, b\ntrain: x", "data.yaml, line 2: not YAML"),
        ("- a\n- b", "data.yaml: not keys with values"), ("\(head)", "data.yaml: its \"names\" is not a list or a map of names"),
        ("\(head)names: {x: a}", "data.yaml: name 1 is not a class number from 0 and a text"),
        ("\(head)names: {-1: a}", "data.yaml: name 1 is not a class number from 0 and a text"),
        ("\(head)names: [a, [b]]", "data.yaml: name 2 is not a text"), ("\(head)names: [a, a]", "data.yaml: name 2 occurs twice"),
        ("\(head)names: [a, ' ']", "data.yaml: name 2 is empty"),
        ("\(head)nc: 3\nnames: [a]", "data.yaml: its \"nc\" is not the number of names"),
        ("names: [a]\ntrain: ../../../etc\n", "data.yaml: its \"train\" names nothing that is inside the folder"),
        ("names: [a]\ntrain: /etc\n", "data.yaml: its \"train\" names nothing that is inside the folder"),
        ("names: [a]\nval:\n", "data.yaml: it names no part such as \"train\""),
        ("\(head)names: [a]\nids: [0]", "data.yaml: its \"ids\" are not an id from 1 for each name"),
        ("names: &n [a]\ntrain: images\nx: *n", "data.yaml, line 1: an anchor or alias; such files are not read"),
        ("\(head)names:\n  0: a\n  0: b", "data.yaml: not YAML"),
    ]

    @Test(arguments: broken)
    func aBrokenDescriptionIsAnError(text: String, problem: String) throws {
        let sample = try AnnotationSample(images: ["images/a.png"], files: ["data.yaml": text, "labels/a.txt": "0 0.5 0.5 0.5 0.5"])
        #expect(try sample.problems(YOLOFormat()).contains(problem))
    }

    @Test(arguments: ["[", "- ", "? ", "{a: ", "a:\n "])
    func deepNestingIsAnErrorAndNoCrash(piece: String) throws {
        let text = "train: images\nnames: \(String(repeating: piece, count: 100_000))"
        let problems = try AnnotationSample.problems(YOLOFormat(), "data.yaml", text)
        #expect(problems.count == 1 && problems[0].hasPrefix("data.yaml"))
    }

    @Test func anExportIsUltralyticsLayout() throws {
        let root = try TemporaryFolder()
        var random = RandomDataset([.findings, .emptyImages, .unusedClasses])
        random.hasAwkwardNames = false
        var dataset = try random.make(seed: 3, in: root.file("dataset"))
        try DatasetExporter(YOLOFormat()).write(dataset, to: root.file("a"))
        #expect(
            try String(contentsOf: root.file("a").appendingPathComponent("data.yaml"), encoding: .utf8) == """
                train: "images/train"
                val: "images/train"
                nc: 4
                names:
                  0: "Atelectasis"
                  1: "Nodule"
                  2: "Pleural effusion"
                  3: "Pneumothorax"

                """)
        for image in dataset.images {
            let text = try String(contentsOf: root.file("a").appendingPathComponent("labels/train/\(image.stem).txt"), encoding: .utf8)
            #expect(text.split(separator: "\n").count == image.boxes.count)
            #expect(FileManager.default.fileExists(atPath: root.file("a").appendingPathComponent("images/train/\(image.fileName)").path))
        }
        dataset.images[0].part = "test"
        try DatasetExporter(YOLOFormat()).write(dataset, to: root.file("b"))
        let text = try String(contentsOf: root.file("b").appendingPathComponent("data.yaml"), encoding: .utf8)
        #expect(text.hasPrefix("test: \"images/test\"\nunsplit: \"images/unsplit\"\ntrain:"))
        for part in ["names", "../x", "unsplit", ".hidden", "a/b"] {
            dataset.images[0].part = part
            #expect(throws: DatasetError.self) { try DatasetExporter(YOLOFormat()).write(dataset, to: root.file("c")) }
            #expect(!FileManager.default.fileExists(atPath: root.file("c").path))
        }
    }
}
