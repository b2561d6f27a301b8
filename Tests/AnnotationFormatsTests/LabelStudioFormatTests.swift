import AnnotationFormats
import Datasets
import DocumentFormats
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Testing

@Suite struct LabelStudioFormatTests {
    /// As Label Studio 1.9 exports it.
    private static let tasks = """
        [{"id": 11, "annotations": [
            {"id": 21, "completed_by": 1, "result": [
              {"original_width": 64, "original_height": 48, "image_rotation": 0,
               "value": {"x": 25, "y": 50, "width": 12.5, "height": 25, "rotation": 0, "rectanglelabels": ["Nodule", "Mass"]},
               "id": "UPJJKvWusx", "from_name": "label", "to_name": "image", "type": "rectanglelabels", "origin": "manual"},
              {"original_width": 64, "original_height": 48, "image_rotation": 0,
               "value": {"x": 50, "y": 25, "width": 25, "height": 25, "rotation": 90, "rectanglelabels": ["Mass"]},
               "id": "b", "from_name": "label", "to_name": "image", "type": "rectanglelabels", "origin": "manual",
               "meta": {"text": ["unsure"]}},
              {"value": {"choices": ["Supine"]}, "id": "c", "from_name": "choice", "to_name": "image", "type": "choices"},
              {"original_width": 64, "original_height": 48, "value": {"points": [[10, 10], [20, 15], [5, 30]], "polygonlabels": ["Nodule"]},
               "id": "d", "type": "polygonlabels"},
              {"value": {"format": "rle", "rle": [0, 1], "brushlabels": ["Nodule"]}, "id": "e", "type": "brushlabels"}],
             "was_cancelled": false, "ground_truth": false, "created_at": "2021-08-25T12:51:22.913818Z", "lead_time": 7.956, "task": 11},
            {"id": 22, "completed_by": {"id": 2, "email": "b@example.org", "first_name": "", "last_name": ""}, "result": [
              {"original_width": 64, "original_height": 48, "image_rotation": 0,
               "value": {"x": 0, "y": 0, "width": 100, "height": 100, "rotation": 0, "rectanglelabels": ["Nodule"]},
               "id": "f", "from_name": "label", "to_name": "image", "type": "rectanglelabels"}], "was_cancelled": false},
            {"id": 23, "completed_by": 3, "result": [
              {"value": {"x": 0, "y": 0, "width": 1, "height": 1, "rectanglelabels": ["Nodule"]}, "type": "rectanglelabels"}],
             "was_cancelled": true}],
          "file_upload": "0a1b2c3d-a.png", "drafts": [], "predictions": [{"id": 1, "result": [], "score": 0.5}],
          "data": {"image": "/data/upload/1/0a1b2c3d-a.png", "age": 61}, "meta": {}, "project": 1},
         {"id": 12, "annotations": [{"id": 24, "completed_by": 1, "result": [], "was_cancelled": false}], "predictions": [],
          "data": {"xray": "/data/local-files/?d=study%201/b.png"}},
         {"id": 13, "annotations": [], "data": {"image": "s3://bucket/path/c.png"}},
         {"id": 14, "annotations": [{"result": [{"type": "rectanglelabels", "value":
           {"x": 10, "y": 10, "width": 10, "height": 10, "rectanglelabels": ["Mass"]}}]}],
          "data": {"image": "https://example.org/path/d.png?X-Amz-Signature=1%2F2"}}]
        """

    @Test func anExportOfLabelStudioIsReadAsItStands() throws {
        let sample = try AnnotationSample(
            images: ["images/a.png", "images/study 1/b.png", "images/c.png", "images/d.png"], files: ["project-1.json": Self.tasks])
        let outcome = try sample.outcome(expecting: "labelstudio")
        let dataset = outcome.dataset
        #expect(dataset.findingClasses.map(\.name) == ["Mass", "Nodule"])
        #expect(dataset.images.map(\.fileName) == ["a.png", "b.png", "d.png"])
        #expect(dataset.images.map(\.labels) == [["Supine"], nil, nil])
        #expect(dataset.images[0].attributes == ["age": "61"])
        let boxes = dataset.images[0].boxes
        #expect(boxes.map(\.classID) == [2, 1, 1, 2, 2])
        #expect(boxes.map(\.reader) == ["1", "1", "1", "1", "b@example.org"])
        let expected = [
            Box(x: 16, y: 24, width: 8, height: 12), Box(x: 16, y: 24, width: 8, height: 12),
            // 16 x 12 pixels at (32, 12), turned clockwise by a right angle about that corner.
            Box(x: 20, y: 12, width: 12, height: 16), Box(x: 3.2, y: 4.8, width: 9.6, height: 9.6), Box(x: 0, y: 0, width: 64, height: 48),
        ]
        for (box, expected) in zip(boxes.map(\.box), expected) {
            let pairs = zip([box.x, box.y, box.width, box.height], [expected.x, expected.y, expected.width, expected.height])
            #expect(pairs.allSatisfy { abs($0 - $1) < 1e-9 })
        }
        #expect(dataset.images[1].boxes.isEmpty)
        #expect(
            outcome.notes == [
                "1 cancelled annotations were left out", "1 tasks without an annotation were left out",
                "1 tasks have predictions, which are not read",
                "2 turned rectangles, polygons or ellipses have the upright box around them", "1 regions of other kinds are not carried",
            ])
    }

    @Test func anUploadMayHaveKeptItsDigits() throws {
        let text = Self.task(#"{"image": "/data/upload/1/0a1b2c3d-a.png"}"#, Self.region("x", #""x": 1, "y": 2, "width": 30, "height": 4"#))
        let sample = try AnnotationSample(images: ["images/a.png", "images/0a1b2c3d-a.png"], files: ["x.json": "[\(text)]"])
        #expect(try sample.outcome(expecting: "labelstudio").dataset.images.map(\.fileName) == ["0a1b2c3d-a.png"])
    }

    private static func task(_ data: String, _ regions: String...) -> String {
        "{\"data\": \(data), \"annotations\": [{\"result\": [\(regions.joined(separator: ", "))]}]}"
    }
    private static func region(_ label: String, _ value: String, _ more: String = "\"image_rotation\": 0") -> String {
        "{\"type\": \"rectanglelabels\", \"value\": {\(value), \"rectanglelabels\": [\"\(label)\"]}, \(more)}"
    }

    @Test func everyProblemIsSaidByTaskAndRegion() throws {
        let good = #""x": 1, "y": 2, "width": 30, "height": 4"#
        let data = #"{"image": "images/a.png"}"#
        let tasks = [
            Self.task(
                data, Self.region("x", #""x": 1, "y": 2, "width": 3"#), Self.region("x", #""x": "1", "y": 2, "width": 3, "height": 4"#),
                Self.region("", good), Self.region("x", good, "\"image_rotation\": 90"), Self.region("x", good + ", \"rotation\": 30"),
                Self.region("x", #""x": 1, "y": 2, "width": -3, "height": 4"#),
                Self.region("x", #""x": 90, "y": 2, "width": 30, "height": 4"#),
                Self.region("x", #""x": 1e400, "y": 2, "width": 3, "height": 4"#), #"{"type": "rectanglelabels"}"#, #"{"value": {}}"#,
                #"{"type": "rectanglelabels", "value": {"x": 1, "y": 2, "width": 3, "height": 4}}"#,
                #"{"type": "polygonlabels", "value": {"points": [[1, 2], [3]], "polygonlabels": ["x"]}}"#, "17",
                Self.region("x", good, "\"meta\": {\"agreement\": -1}"), Self.region("x", good)),
            #"{"annotations": []}"#, Self.task("{}", Self.region("x", good)),
            Self.task(#"{"image": "/data/local-files/?d=../../etc/passwd"}"#, Self.region("x", good)),
            Self.task(#"{"image": "/data/local-files/?d=%2Fetc%2Fpasswd"}"#, Self.region("x", good)),
            Self.task(#"{"image": "nowhere.png"}"#, Self.region("x", good)), "null",
            #"{"data": {"image": "a.png"}, "annotations": [{"result": {}}]}"#,
        ]
        let region = "x.json, task 1, annotation 1, region"
        #expect(
            try AnnotationSample.problems(LabelStudioFormat(), "x.json", "[\(tasks.joined(separator: ",\n"))]") == [
                "\(region) 1: it has no \"width\" and \"height\"", "\(region) 2: its \"value\" is not what it should be",
                "\(region) 3: it has no label", "\(region) 4: it was drawn on a turned image",
                "\(region) 5: it is turned and has no \"original_width\" and \"original_height\"",
                "\(region) 8: it has a number that is too large or a text that is damaged", "\(region) 9: it has no \"value\"",
                "\(region) 10: it has no \"type\"", "\(region) 11: it has no label",
                "\(region) 12: its points are not three or more pairs of numbers", "\(region) 13: it is of the wrong kind",
                "\(region) 14: its agreement is not between 0 and 1", "x.json, task 2: it has no \"data\"",
                "x.json, task 3: its data names no image", "x.json, task 7: it is of the wrong kind",
                "x.json, task 8, annotation 1: its \"result\" is not what it should be",
                "x.json, task 4: the image's name is not a path inside a folder",
                "x.json, task 5: the image's name is not a path inside a folder", "x.json, task 6: its image is not there",
                "\(region) 6: the box is empty, inverted or not numbers", "\(region) 7: a box that is not on its image",
            ])
    }

    @Test(arguments: [
        ("", "x.json: the file is empty"), ("[{\"data\": {\n\"image\": nan}}]", "x.json, line 2: not JSON"),
        ("{}", "x.json: it is of the wrong kind"), ("[]", "the source names no image"),
    ])
    func aFileOfAnotherKindIsAnError(text: String, problem: String) throws {
        #expect(try AnnotationSample.problems(LabelStudioFormat(), "x.json", text) == [problem])
    }

    @Test func deepNestingIsAnErrorAndNoCrash() throws {
        let text = "[{\"data\": " + String(repeating: "{\"a\": ", count: 100_000)
        let problems = try AnnotationSample.problems(LabelStudioFormat(), "x.json", text)
        #expect(problems.count == 1 && problems[0].hasSuffix("not JSON"))
    }

    /// What `tasks/serializers` of Label Studio asks of an import: `data`, and for each annotation a list `result` of regions with `type`,
    /// `from_name`, `to_name` and `value`; and no `completed_by`, which must be one of its users.
    @Test func anExportIsWhatLabelStudioImports() throws {
        let root = try TemporaryFolder()
        let dataset = try RandomDataset().make(seed: 5, in: root.file("dataset"))
        try DatasetExporter(LabelStudioFormat()).write(dataset, to: root.file("export"))
        let bytes = try Data(contentsOf: root.file("export").appendingPathComponent("tasks.json"))
        let tasks = try #require(try JSONSerialization.jsonObject(with: bytes) as? [[String: Any]])
        #expect(tasks.count == dataset.images.count)
        for (task, image) in zip(tasks, dataset.images) {
            let address = try #require((task["data"] as? [String: Any])?["image"] as? String)
            let query = try #require(URLComponents(string: address)?.queryItems?.first { $0.name == "d" }?.value)
            #expect(query == "images/" + image.fileName)
            let annotations = try #require(task["annotations"] as? [[String: Any]])
            #expect(!annotations.isEmpty && annotations.allSatisfy { $0["completed_by"] == nil })
            let regions = annotations.flatMap { $0["result"] as? [[String: Any]] ?? [] }
            for region in regions {
                #expect(region["id"] is String && region["to_name"] as? String == "image" && region["value"] is [String: Any])
                #expect(["rectanglelabels": "label", "choices": "findings"][region["type"] as? String] == region["from_name"] as? String)
            }
            #expect(regions.count { $0["type"] as? String == "rectanglelabels" } == image.boxes.count)
        }
        let interface = try String(contentsOf: root.file("export").appendingPathComponent("label_config.xml"), encoding: .utf8)
        #expect(interface.contains("<Label value=\"Nodule/Mass, &quot;solid&quot;\"/>"))
    }
}
