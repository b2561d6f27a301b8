import Datasets
import Findings
import Foundation
import TestSupport
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
            {"id": 1, "file_name": "a.png"}, {"id": 1, "file_name": "b.png"}, {"file_name": "c.png"}, {"id": 4}, 5,
            {"id": "six", "file_name": "../../etc/passwd"}, {"id": 7, "file_name": "a.png", "width": "wide"}, {"id": 8, "file_name": "/etc/passwd"}
            """
        let annotations = [
            Self.box(1, "[1, 2, 3]"), Self.box(2, #"[1, 2, "3", 4]"#), Self.box(3, "[1, 2, 1e400, 4]"),
            Self.box(4, image: 9, "[1, 2, 3, 4]"),
            Self.box(5, category: "3", "[1, 2, 3, 4]"), Self.box(6, category: "\"x\"", "[1, 2, 3, 4]"), Self.box(7, "[1, 2, -3, 4]"),
            Self.box(8, "[60, 2, 30, 4]"), Self.box(8, "[1, 2, 3, 4]"), #"{"id": 10, "image_id": 1, "category_id": 1}"#, "null",
            #"{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "agreement": 1.5}"#,
        ].joined(separator: ", ")
        let categories = #"{"id": 1, "name": "x"}, {"id": 1, "name": "y"}, {"id": 2}, {"id": 3, "name": " "}, {"id": 4, "name": "x"}"#
        let text = Self.file(images: images, annotations, categories: categories)
        #expect(
            try AnnotationSample.problems(COCOFormat(), "x.json", text) == [
                "x.json, category 2: its id occurs twice", "x.json, category 3: it has no \"name\"",
                "x.json, category 4: its name is empty",
                "x.json, category 5: its name has another id too", "x.json, image 2: its id occurs twice",
                "x.json, image 3: it has no \"id\"", "x.json, image 4: it has no \"file_name\"", "x.json, image 5: it is of the wrong kind",
                "x.json, image 7: its \"width\" is not what it should be", "x.json, annotation 1: its \"bbox\" is not four numbers",
                "x.json, annotation 2: its \"bbox\" is not what it should be",
                "x.json, annotation 3: it has a number that is too large or a text that is damaged",
                "x.json, annotation 4: its image is not listed", "x.json, annotation 5: its category is not listed",
                "x.json, annotation 6: its \"category_id\" is not what it should be", "x.json, annotation 9: its id occurs twice",
                "x.json, annotation 10: it has no \"bbox\"", "x.json, annotation 11: it is of the wrong kind",
                "x.json, annotation 12: its agreement is not between 0 and 1",
                "x.json, image 6: the image's name is not a path inside a folder",
                "x.json, image 8: the image's name is not a path inside a folder",
                "x.json, annotation 7: the box is empty, inverted or not numbers", "x.json, annotation 8: a box that is not on its image",
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
}
