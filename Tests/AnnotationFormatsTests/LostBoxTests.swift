import AnnotationFormats
import Datasets
import DocumentFormats
import Findings
import Foundation
import Interchange
import PleuraTesting
import TableFormats
import Testing

/// An image of which a box could not be read is never a normal image, whatever the format: with `--skip-invalid` it keeps its other boxes
/// or is left out, and a folder of normal images does not bring it back.
@Suite struct LostBoxTests {
    private struct Source: CustomTestStringConvertible, Sendable {
        let format: any AnnotationFormat
        /// Texts by path; `one.png` has a box that cannot be read and no other, `two.png` a right one, `three.png` both.
        let files: [String: String]
        var testDescription: String { format.name }
    }

    private static func voc(_ name: String, _ edges: [String]) -> String {
        let objects = edges.map {
            "<object><name>Mass</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>\($0)</xmax><ymax>9</ymax></bndbox></object>"
        }
        return "<annotation><filename>\(name)</filename>\(objects.joined())</annotation>"
    }
    private static func cvat(_ name: String, _ shapes: [String]) -> String {
        "<image name=\"\(name)\">" + shapes.map { "<box label=\"Mass\" xtl=\"1\" ytl=\"2\" xbr=\"\($0)\" ybr=\"9\"/>" }.joined()
            + "</image>"
    }
    private static func task(_ name: String, _ widths: [String]) -> String {
        let regions = widths.map {
            #"{"type": "rectanglelabels", "value": {"x": 10, "y": 10, "width": \#($0), "height": 10, "rectanglelabels": ["Mass"]}}"#
        }
        return #"{"data": {"image": "\#(name)"}, "annotations": [{"result": [\#(regions.joined(separator: ", "))]}]}"#
    }
    private static func coco(_ boxes: [(Int, String)]) -> String {
        let images = ["one", "two", "three"].enumerated().map { #"{"id": \#($0 + 1), "file_name": "\#($1).png"}"# }
        let annotations = boxes.map { #"{"image_id": \#($0.0), "category_id": 1, "bbox": [1, 2, \#($0.1), 4]}"# }
        return #"{"images": [\#(images.joined(separator: ", "))], "annotations": [\#(annotations.joined(separator: ", "))], "#
            + #""categories": [{"id": 1, "name": "Mass"}]}"#
    }

    private static let sources: [Source] =
        TableKind.all.map { kind in
            let (right, wrong) = (["1", "2", "3", "4"], ["1", "2", "3", "x"])
            let rows = [kind.row("one", wrong), kind.row("two", right), kind.row("three", wrong), kind.row("three", right)]
            return Source(format: kind.format, files: [kind.file: ([kind.header] + rows).joined(separator: "\n") + "\n"])
        } + [
            Source(
                format: NIHFormat(),
                files: [
                    "BBox_List_2017.csv":
                        "Image Index,Finding Label,Bbox [x,y,w,h],,,,,,\none.png,Mass,1,2,x,4,,,\ntwo.png,Mass,1,2,3,4,,,\nthree.png,Mass,1,2,,4,,,\nthree.png,Mass,1,2,3,4,,,\n"
                ]),
            Source(
                format: PascalVOCFormat(),
                files: ["one.xml": voc("one.png", ["x"]), "two.xml": voc("two.png", ["9"]), "three.xml": voc("three.png", ["", "9"])]),
            Source(
                format: CVATFormat(),
                files: [
                    "annotations.xml":
                        "<annotations>\(cvat("one.png", ["x"]))\(cvat("two.png", ["9"]))\(cvat("three.png", ["x", "9"]))</annotations>"
                ]),
            Source(
                format: LabelStudioFormat(),
                files: ["tasks.json": "[\(task("one.png", ["null"])), \(task("two.png", ["20"])), \(task("three.png", ["\"x\"", "20"]))]"]),
            Source(format: COCOFormat(), files: ["x.json": coco([(1, "\"x\""), (2, "3"), (3, "null"), (3, "3")])]),
            Source(
                format: ChestXDet10Format(),
                files: [
                    "train.json":
                        #"[{"file_name": "one.png", "syms": ["Mass"], "boxes": [[1, 2, 3]]}, {"file_name": "two.png", "syms": ["Mass"], "boxes": [[1, 2, 9, 9]]}, "#
                        + #"{"file_name": "three.png", "syms": ["Mass", "Mass"], "boxes": ["x", [1, 2, 9, 9]]}]"#
                ]),
            Source(
                format: YOLOFormat(),
                files: [
                    "data.yaml": "train: images/train\nval: images/train\nnames: [Mass]\n", "labels/train/one.txt": "0 0.5 0.5 x 0.5\n",
                    "labels/train/two.txt": "0 0.5 0.5 0.5 0.5\n", "labels/train/three.txt": "0 0.5 2 0.5 0.5\n0 0.5 0.5 0.5 0.5\n",
                ]),
        ]

    @Test(arguments: sources)
    private func skippedBoxesMakeNoImageNormal(_ source: Source) throws {
        let images = ["one", "two", "three"].map { source.format.name == "yolo" ? "images/train/\($0).png" : "images/\($0).png" }
        let sample = try AnnotationSample(images: images, files: source.files)
        var importer = DatasetImporter()
        importer.skipsInvalid = true
        let outcome = try importer.importDataset(sample.source, format: source.format, to: sample.root.file("dataset"))
        #expect(outcome.dataset.images.map(\.fileName).sorted() == ["three.png", "two.png"])
        #expect(outcome.dataset.images.map(\.boxes.count) == [1, 1])
        #expect(outcome.problems.count == 2, "\(Array(outcome.problems))")
        // Nor where its picture is among the normal ones.
        let normals = try AnnotationSource(sample.folder.appendingPathComponent("images"))
        let again = try importer.importDataset(sample.source, format: source.format, normals: [normals], to: sample.root.file("again"))
        #expect(again.dataset.images.map(\.fileName).sorted() == ["three.png", "two.png"])
    }

    @Test func regionsThatAreNoBoxesMakeNoImageNormal() throws {
        var importer = DatasetImporter()
        importer.skipsInvalid = true
        func images(_ format: any AnnotationFormat, _ path: String, _ text: String) throws -> [String] {
            let sample = try AnnotationSample(images: ["one.png", "two.png"], files: [path: text])
            let outcome = try importer.importDataset(sample.source, format: format, to: sample.root.file("dataset"))
            #expect(outcome.problems.isEmpty)
            return outcome.dataset.images.map(\.fileName)
        }
        let brush = #"{"data": {"image": "one.png"}, "annotations": [{"result": [{"type": "brushlabels", "value": {"format": "rle"}}]}]}"#
        let rating = #"{"data": {"image": "one.png"}, "annotations": [{"result": [{"type": "rating", "value": {"rating": 3}}]}]}"#
        let right = Self.task("two.png", ["20"])
        #expect(try images(LabelStudioFormat(), "tasks.json", "[\(brush), \(right)]") == ["two.png"])
        #expect(try images(LabelStudioFormat(), "tasks.json", "[\(rating), \(right)]") == ["one.png", "two.png"])
        let line = "<image name=\"one.png\"><polyline label=\"Mass\" points=\"1,1;2,2\"/></image>"
        #expect(try images(CVATFormat(), "a.xml", "<annotations>\(line)\(Self.cvat("two.png", ["9"]))</annotations>") == ["two.png"])
    }

    /// Rows that are no CSV still tell their image, as far as their separators do.
    @Test(arguments: ["one.png,Mass,1,2,3\n", "one.png,\"Ma\"ss,1,2,3,4\n", "one.png,M\u{1}ass,1,2,3,4,5\n"])
    func rowsThatAreNotCSVTellTheirImage(row: String) throws {
        let sample = try AnnotationSample(
            images: ["one.png", "two.png"], files: ["t.csv": "image,label,x,y,w,h\n\(row)one.png,,,,,\ntwo.png,Mass,1,2,3,4\n"])
        var importer = DatasetImporter()
        importer.skipsInvalid = true
        let outcome = try importer.importDataset(sample.source, format: BoxTableFormat(), to: sample.root.file("dataset"))
        #expect(outcome.dataset.images.map(\.fileName) == ["two.png"] && outcome.problems.count == 1)
    }
}
