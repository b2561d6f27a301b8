import AnnotationFormats
import Datasets
import DocumentFormats
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Testing

@Suite struct COCOFormatTests {
    /// As COCO's own files are: information first, ids with gaps, outlines as polygons and as run lengths.
    private static func instances(_ image: String, category: Int = 18) -> String {
        """
        {"info": {"description": "COCO 2017 Dataset", "year": 2017}, "licenses": [{"id": 4, "name": "x", "url": "http://x"}],
         "images": [{"license": 4, "file_name": "\(image)", "coco_url": "http://x/\(image)", "height": 48, "width": 64,
           "date_captured": "2013-11-14 17:02:52", "flickr_url": "http://x", "id": 397133}],
         "annotations": [
           {"segmentation": [[1.5, 2.5, 6, 2.5, 6, 9]], "area": 20.5, "iscrowd": 0, "image_id": 397133, "bbox": [1.5, 2.5, 4.5, 6.5],
            "category_id": \(category), "id": 1768},
           {"segmentation": {"counts": [5, 3], "size": [48, 64]}, "area": 3, "iscrowd": 1, "image_id": 397133,
            "bbox": [0, 0, 64, 48], "category_id": 1, "id": 1769},
           {"image_id": 397133, "bbox": [10, 11, 12, 13], "category_id": 1, "id": 1770}],
         "categories": [{"supercategory": "person", "id": 1, "name": "person"}, {"supercategory": "animal", "id": 18, "name": "dog"}]}
        """
    }

    private static func file(images: String = "{\"id\": 1, \"file_name\": \"a.png\"}", _ annotations: String, categories: String? = nil)
        -> String
    {
        "{\"images\": [\(images)], \"annotations\": [\(annotations)], \"categories\": [\(categories ?? "{\"id\": 1, \"name\": \"x\"}")]}"
    }
    private static func box(_ id: Int, image: Int = 1, category: String = "1", _ box: String) -> String {
        "{\"id\": \(id), \"image_id\": \(image), \"category_id\": \(category), \"bbox\": \(box)}"
    }

    @Test func anImageOfTwoPartsIsALeakAndNoPartIsChosen() throws {
        let sample = try AnnotationSample(
            images: ["images/a.png"],
            files: [
                "annotations/instances_train2017.json": Self.instances("a.png"),
                "annotations/instances_val2017.json": Self.instances("a.png"),
            ])
        let problems = try sample.problems(COCOFormat())
        #expect(problems.count == 1 && problems[0].hasSuffix("this image is in another part above"), "\(problems)")
    }

    @Test func severalFilesAreTheParts() throws {
        let sample = try AnnotationSample(
            images: ["train2017/a.png", "val2017/b.png"],
            files: [
                "annotations/instances_train2017.json": Self.instances("a.png"),
                "annotations/instances_val2017.json": Self.instances("b.png"),
                "annotations/captions_val2017.json":
                    #"{"images": [{"file_name": "b.png", "id": 1}], "annotations": [{"image_id": 1, "id": 1, "caption": "a dog"}]}"#,
            ])
        let outcome = try sample.outcome(expecting: "coco")
        #expect(outcome.dataset.findingClasses == [FindingClass(id: 1, name: "person"), FindingClass(id: 18, name: "dog")])
        #expect(outcome.dataset.images.map(\.fileName) == ["a.png", "b.png"])
        #expect(outcome.dataset.images.map(\.part) == ["train", "validation"])
        for image in outcome.dataset.images {
            #expect(
                image.boxes == [
                    Annotation(classID: 18, box: Box(x: 1.5, y: 2.5, width: 4.5, height: 6.5)),
                    Annotation(classID: 1, box: Box(x: 10, y: 11, width: 12, height: 13)),
                ])
        }
        #expect(outcome.notes == ["2 crowds were left out", "the outlines of 4 boxes are not carried"])
    }

    @Test func idsThatBeginAt0AreOneMoreHere() throws {
        let categories = #"{"id": 0, "name": "Nodule"}, {"id": 2, "name": "Mass"}"#
        let text = Self.file(Self.box(1, category: "0", "[1, 2, 3, 4]"), categories: categories)
        let outcome = try AnnotationSample(images: ["a.png"], files: ["x.json": text]).outcome(expecting: "coco")
        #expect(outcome.dataset.findingClasses == [FindingClass(id: 1, name: "Nodule"), FindingClass(id: 3, name: "Mass")])
        #expect(outcome.dataset.images.first?.boxes.map(\.classID) == [1])
        #expect(outcome.notes == ["ids begin at 0 in the source: each finding's id is one more here"])
    }

    @Test func roboflowsHeadingIsNoFinding() throws {
        let categories = """
            {"id": 0, "name": "chest", "supercategory": "none"}, {"id": 1, "name": "Nodule", "supercategory": "chest"}
            """
        let text = Self.file(Self.box(0, "[1, 2, 3, 4]"), categories: categories)
        let sample = try AnnotationSample(images: ["valid/a.png"], files: ["valid/_annotations.coco.json": text])
        let outcome = try sample.outcome(expecting: "coco")
        #expect(outcome.dataset.findingClasses == [FindingClass(id: 1, name: "Nodule")])
        #expect(outcome.dataset.images.map(\.part) == ["validation"])
        #expect(outcome.notes == ["category 0 is the heading of the others and was left out"])
    }

    @Test func aLabelMapBesideSaysTheIDs() throws {
        let map = "item { id: 7 name: 'dog' }\nitem { id: 2 name: 'person' }\nitem { id: 9 name: 'cat' }\n"
        let sample = try AnnotationSample(images: ["a.png"], files: ["x.json": Self.instances("a.png"), "label_map.pbtxt": map])
        let dataset = try sample.outcome(expecting: "coco").dataset
        #expect(dataset.findingClasses.map(\.id) == [7, 2, 9])
        #expect(dataset.images.first?.boxes.map(\.classID) == [7, 2])
        try sample.write(Data("item { id: 0 name: 'dog' }".utf8), to: "label_map.pbtxt")
        let problems = try sample.problems(COCOFormat())
        #expect(problems.count == 1 && problems[0].hasPrefix("label_map.pbtxt: "))
    }

    @Test func everyProblemIsSaidByElement() throws {
        let images = """
            {"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}, {"file_name": "c.png"}, {"id": 4}, 5,
            {"id": "six", "file_name": "../../etc/passwd"}, {"id": 7, "file_name": "a.png", "width": "wide"}, {"id": 2, "file_name": "d.png"}
            """
        let annotations = [
            Self.box(1, "[1, 2, 3]"), Self.box(2, #"[1, 2, "three", 4]"#), Self.box(3, "[1, 2, 1e400, 4]"),
            Self.box(4, image: 9, "[1, 2, 3, 4]"), Self.box(40, image: 2, "[1, 2, 3, 4]"), Self.box(41, category: "9", "[1, 2, 3, 4]"),
            Self.box(5, category: "3", "[1, 2, 3, 4]"), Self.box(6, category: "\"x\"", "[1, 2, 3, 4]"), Self.box(7, "[1, 2, -3, 4]"),
            Self.box(8, "[60, 2, 30, 4]"), Self.box(8, "[1, 2, 3, 4]"), #"{"id": 10, "image_id": 1, "category_id": 1}"#, "null",
            #"{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "agreement": 1.5}"#,
        ].joined(separator: ", ")
        let categories =
            #"{"id": 1, "name": "x"}, {"id": 9, "name": "y"}, {"id": 9, "name": "z"}, {"id": 2}, {"id": 3, "name": " "}, {"id": 4, "name": "x"}"#
        let text = Self.file(images: images, annotations, categories: categories)
        #expect(
            try AnnotationSample.problems(COCOFormat(), "x.json", text) == [
                "x.json, category 3: its id occurs twice", "x.json, category 4: it has no \"name\"",
                "x.json, category 5: its name is empty",
                "x.json, image 3: it has no \"id\"", "x.json, image 4: it has no \"file_name\"", "x.json, image 5: it is of the wrong kind",
                "x.json, image 7: its \"width\" is not what it should be", "x.json, image 8: its id occurs twice",
                "x.json, annotation 1: its \"bbox\" is not four numbers",
                "x.json, annotation 2: its \"bbox\" is not what it should be",
                "x.json, annotation 3: it has a number that is too large or a text that is damaged",
                "x.json, annotation 4: its image is not listed", "x.json, annotation 5: its image's id occurs twice",
                "x.json, annotation 6: its category's id means two findings", "x.json, annotation 7: its category is not listed",
                "x.json, annotation 8: its \"category_id\" is not what it should be", "x.json, annotation 12: it has no \"bbox\"",
                "x.json, annotation 13: it is of the wrong kind", "x.json, annotation 14: its agreement is not between 0 and 1",
                "x.json, image 2: its image is not there", "x.json, image 6: the image's name is not a path inside a folder",
                "x.json, image 8: its image is not there", "x.json, annotation 9: the box is empty, inverted or not numbers",
                "x.json, annotation 10: a box that is not on its image",
            ])
    }

    @Test(arguments: [
        ("", "annotations.json: the file is empty"), ("{\"images\": [\n{\"id\": NaN}]}", "annotations.json, line 2: not JSON"),
        ("{\"images\": [", "annotations.json, line 1: not JSON"), ("[]", "annotations.json: it is of the wrong kind"),
        ("{}", "annotations.json: it has no \"images\""),
        ("{\"images\": {}, \"annotations\": []}", "annotations.json: its \"images\" is not what it should be"),
        ("{\"images\": [], \"annotations\": []}", "annotations.json: it has no \"categories\""),
        ("{\"images\": [], \"categories\": []}", "annotations.json: it has no \"annotations\""),
        ("{\"images\": [], \"annotations\": [], \"categories\": []}", "the source names no image"),
    ])
    func aFileOfAnotherKindIsAnError(text: String, problem: String) throws {
        #expect(try AnnotationSample.problems(COCOFormat(), "annotations.json", text) == [problem])
    }

    @Test(arguments: ["[", "{\"images\":", "{\"images\": [{\"attributes\":{\"a\":["])
    func deepNestingIsAnErrorAndNoCrash(piece: String) throws {
        let text = "{\"images\": [], \"annotations\": " + String(repeating: piece, count: 100_000)
        let problems = try AnnotationSample.problems(COCOFormat(), "annotations.json", text)
        #expect(problems.count == 1 && problems[0].hasPrefix("annotations.json") && problems[0].hasSuffix("not JSON"))
        let closed = "{\"images\": " + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "}"
        #expect(try AnnotationSample.problems(COCOFormat(), "annotations.json", closed).first?.hasSuffix("not JSON") == true)
    }

    /// The outcome of a file beside `a.png` and `b.png`, with what is wrong left out.
    private static func outcome(_ text: String) throws -> DatasetImporter.Outcome {
        let sample = try AnnotationSample(images: ["a.png", "b.png"], files: ["x.json": text])
        var importer = DatasetImporter()
        importer.skipsInvalid = true
        return try importer.importDataset(sample.source, format: COCOFormat(), to: sample.root.file("dataset"))
    }
    private static let two = "{\"id\": 1, \"file_name\": \"a.png\"}, {\"id\": 2, \"file_name\": \"b.png\"}"
    private static let right = box(99, image: 2, "[1, 2, 3, 4]")

    @Test(arguments: [
        ("\"bbox\": [\"1\", \"2\", \"30.0\", \" 4e1\"]", 0), ("\"segmentation\": [[1, 2, 31, 2, 31, 42]]", 1),
        ("\"bbox\": [], \"segmentation\": [[1, 2, 31, 2], [1, 2, 31, 42, 5, 5]]", -1),
        ("\"bbox\": null, \"segmentation\": [[1, 2, 31, 2, 5, 5], [5, 5, 6, 42, 7, 7]]", 1),
        ("\"bbox\": [0, 0, 0, 0], \"segmentation\": [[1, 2, 31, 2, 31, 42]]", 1),
        ("\"bbox\": [\"x\"], \"segmentation\": [[\"1\", \"2\", 31, 2, 31, 42]]", 1),
        // 64 x 48, column by column: from (1, 2) to (30, 41).
        ("\"segmentation\": {\"size\": [48, 64], \"counts\": [50, 40, 1352, 1, 1629]}", 1),
    ])
    func aBoxIsReadWhereItCanBeTold(keys: String, refitted: Int) throws {
        let text = Self.file(images: Self.two, "{\"id\": 1, \"image_id\": 1, \"category_id\": \"1\", \(keys)}, \(Self.right)")
        let outcome = try Self.outcome(text)
        if refitted < 0 {
            // A polygon of two points is none, so the image has a box that nobody knows.
            #expect(outcome.dataset.images.map(\.fileName) == ["b.png"])
            #expect(outcome.problems == ["x.json, annotation 1: its \"bbox\" is not four numbers"])
            return
        }
        #expect(outcome.problems.isEmpty)
        let box = try #require(outcome.dataset.images.first { $0.fileName == "a.png" }?.boxes.first?.box)
        #expect(box.x == 1 && box.y == 2 && box.maxX >= 30 && box.maxY == 42)
        #expect(outcome.notes == (refitted == 0 ? [] : ["1 annotations without a box have the box around their outline"]))
    }

    /// Masks that pycocotools packed, with its own `toBbox` of them.
    @Test(arguments: [
        (#"m63^1O^j1OgoN"#, Box(x: 4, y: 28, width: 42, height: 4)),
        (#"c[13]101OOOdN0\1020S50mJ000000000`10`N000Zg0"#, Box(x: 29, y: 3, width: 19, height: 20)),
        (#"ol06Z1MgNOY1311OKhN2X130LiNOW14V`01j_OMgNNZ15OO1LfN001Y14000000002NZf0"#, Box(x: 19, y: 4, width: 30, height: 17)),
        (#"Vh01^11R>1nAONOeN0\13OO1001O0jZ1"#, Box(x: 16, y: 5, width: 19, height: 21)),
        // A run over the end of a column.
        (#"b4c1ki2"#, Box(x: 3, y: 0, width: 2, height: 48)),
    ])
    func packedMasksHaveTheBoxOfPycocotools(counts: String, box: Box) throws {
        let mask = "{\"size\": [48, 64], \"counts\": \"\(counts.replacingOccurrences(of: "\\", with: "\\\\"))\"}"
        let text = Self.file(images: Self.two, "{\"id\": 1, \"image_id\": 1, \"category_id\": 1, \"segmentation\": \(mask)}")
        #expect(try Self.outcome(text).dataset.images.first?.boxes.map(\.box) == [box])
    }

    @Test(arguments: ["P", "~~~", "", "oooooooooooooooooooooooooooooo1"])
    func masksThatAreNoneAreTold(counts: String) throws {
        let mask = "{\"size\": [48, 64], \"counts\": \"\(counts)\"}"
        let text = Self.file(images: Self.two, "{\"id\": 1, \"image_id\": 1, \"category_id\": 1, \"segmentation\": \(mask)}, \(Self.right)")
        let outcome = try Self.outcome(text)
        #expect(outcome.problems == ["x.json, annotation 1: it has no \"bbox\""] && outcome.dataset.images.map(\.fileName) == ["b.png"])
    }
    @Test func anImageWhoseOnlyBoxIsLostOrACrowdIsNotNormal() throws {
        for annotation in [
            Self.box(1, "[1, 2, 3]"), Self.box(1, "[1, 2, \"x\", 4]"), Self.box(1, category: "7", "[1, 2, 3, 4]"),
            Self.box(1, category: "\"x\"", "[1, 2, 3, 4]"), #"{"id": 1, "image_id": 1, "category_id": 1}"#,
            #"{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "agreement": 2}"#,
            #"{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "iscrowd": 1}"#,
        ] {
            let outcome = try Self.outcome(Self.file(images: Self.two, "\(annotation), \(Self.right)"))
            #expect(outcome.dataset.images.map(\.fileName) == ["b.png"], "\(annotation)")
        }
        // One that is really without a box is.
        #expect(try Self.outcome(Self.file(images: Self.two, Self.right)).dataset.images.map(\.boxes.count) == [0, 1])
    }

    @Test func idsOfBoxesThatRepeatAreKeptAndThoseOfImagesAreRefused() throws {
        let twice = try Self.outcome(
            Self.file(images: Self.two, "\(Self.box(1, "[1, 2, 3, 4]")), \(Self.box(1, image: 2, "[1, 2, 3, 4]"))"))
        #expect(twice.problems.isEmpty && twice.dataset.images.map(\.boxes.count) == [1, 1])
        #expect(twice.notes == ["1 annotations have the id of another; all are kept"])
        let images = Self.two.replacingOccurrences(of: "\"id\": 2", with: "\"id\": 1") + ", {\"id\": 3, \"file_name\": \"a.png\"}"
        let text = Self.file(images: images, "\(Self.box(1, "[1, 2, 3, 4]")), \(Self.box(2, image: 3, "[5, 6, 7, 8]"))")
        let unclear = try Self.outcome(text)
        #expect(unclear.problems == ["x.json, image 2: its id occurs twice", "x.json, annotation 1: its image's id occurs twice"])
        #expect(unclear.dataset.images.map(\.fileName) == ["a.png"] && unclear.dataset.images.map(\.boxes.count) == [1])
        #expect(unclear.notes == ["x.json, image 3: its file name occurs twice; the boxes of both are of one image"])
        // The very same entry twice says nothing twice.
        let same = try Self.outcome(Self.file(images: Self.two + ", " + Self.two, Self.right))
        #expect(same.problems.isEmpty && same.dataset.boxCount == 1 && same.notes.count == 2)
    }

    @Test(arguments: [
        (#"{"id": 0, "name": "nodule", "supercategory": "none"}, {"id": 1, "name": "nodule", "supercategory": "nodule"}"#, [1]),
        (#"{"id": 0, "name": "chest", "supercategory": "none"}, {"id": 1, "name": "nodule", "supercategory": "lung"}"#, [1]),
        (#"{"id": 7, "name": "chest", "supercategory": "none"}, {"id": 1, "name": "nodule", "supercategory": "chest"}"#, [1]),
        (#"{"id": 0, "name": "nodule"}, {"id": 1, "name": "nodule"}"#, [1]),
        (#"{"id": 1, "name": "nodule"}, {"id": 4, "name": "nodule"}"#, [1]),
        // A category of its own that nobody drew is no heading.
        (#"{"id": 1, "name": "nodule", "supercategory": "none"}, {"id": 2, "name": "mass", "supercategory": "none"}"#, [1, 2]),
    ])
    func headingsAndDoubledNamesAreOneFinding(categories: String, ids: [Int]) throws {
        let outcome = try Self.outcome(Self.file(images: Self.two, "\(Self.box(1, "[1, 2, 3, 4]")), \(Self.right)", categories: categories))
        #expect(outcome.problems.isEmpty && outcome.dataset.findingClasses.map(\.id) == ids)
        #expect(outcome.dataset.images.map { $0.boxes.map(\.classID) } == [[1], [1]])
        #expect(outcome.notes.count == (ids.count == 1 ? 1 : 0))
    }

    @Test func aHeadingThatBoxesHaveIsAFinding() throws {
        let categories = #"{"id": 0, "name": "nodule", "supercategory": "none"}, {"id": 1, "name": "nodule", "supercategory": "nodule"}"#
        let boxes = "\(Self.box(1, category: "0", "[1, 2, 3, 4]")), \(Self.right)"
        let outcome = try Self.outcome(Self.file(images: Self.two, boxes, categories: categories))
        #expect(outcome.dataset.findingClasses == [FindingClass(id: 1, name: "nodule")] && outcome.dataset.boxCount == 2)
        #expect(outcome.notes == ["categories 0, 1 have one name and are one finding"])
    }

    @Test(arguments: [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32, .windowsCP1252])
    func anyEncodingIsRead(encoding: String.Encoding) throws {
        let text = Self.file(images: Self.two, Self.right, categories: "{\"id\": 1, \"name\": \"Erguß\"}")
        let sample = try AnnotationSample(images: ["a.png", "b.png"])
        try sample.write(try #require(text.data(using: encoding)), to: "x.json")
        #expect(try sample.outcome(expecting: "coco").dataset.findingClasses == [FindingClass(id: 1, name: "Erguß")])
    }
}
