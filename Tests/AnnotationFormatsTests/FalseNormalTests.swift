import AnnotationFormats
import Datasets
import DocumentFormats
import Findings
import Foundation
import Interchange
import PleuraTesting
import TableFormats
import Testing

/// What `--skip-invalid` leaves: an image whose only box could not be read is not a normal one.
@Suite struct FalseNormalTests {
    /// An image with a good box, one whose only box is bad, and one that the source calls normal where the format can.
    struct Kind: CustomTestStringConvertible, Sendable {
        let format: any AnnotationFormat
        let files: [String: String]
        /// Images that stay: those with a box, and the normal one.
        var kept = ["good.png"]
        var testDescription: String { format.name + " " + files.keys.sorted().joined(separator: " ") }
    }

    static func coco(_ bad: String) -> String {
        """
        {"images": [{"id": 1, "file_name": "good.png"}, {"id": 2, "file_name": "bad.png"}], "categories": [{"id": 1, "name": "Mass"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 10, 10]}, \(bad)]}
        """
    }

    static let kinds = [
        Kind(format: BoxTableFormat(), files: ["boxes.csv": "image,label,x,y,w,h\ngood.png,Mass,1,2,10,10\nbad.png,Mass,1,2,ten,10\n"]),
        Kind(format: BoxTableFormat(), files: ["boxes.csv": "image,label,x,y,w,h\ngood.png,Mass,1,2,10,10\nbad.png,Mass,500,2,10,10\n"]),
        Kind(
            format: ObjectDetectionCSVFormat(),
            files: [
                "train_list.csv":
                    "filename,width,height,class,xmin,ymin,xmax,ymax\ngood.png,64,48,Mass,1,2,9,9\nbad.png,64,48,Mass,9,2,1,9\n"
            ]),
        Kind(format: COCOFormat(), files: ["x.json": coco(#"{"id": 2, "image_id": 2, "category_id": 1, "bbox": [1, 2, 10]}"#)]),
        Kind(format: COCOFormat(), files: ["x.json": coco(#"{"id": 2, "image_id": 2, "category_id": 9, "bbox": [1, 2, 10, 10]}"#)]),
        Kind(format: COCOFormat(), files: ["x.json": coco(#"{"id": 2, "image_id": 2, "category_id": 1, "bbox": {"x": 1}}"#)]),
        Kind(format: COCOFormat(), files: ["x.json": coco(#"{"id": 2, "image_id": 2, "category_id": 1, "bbox": [5, 5, -1, 3]}"#)]),
        // Whose box it is cannot be told: it may be that of any image without one.
        Kind(format: COCOFormat(), files: ["x.json": coco(#"{"id": 2, "image_id": 7, "category_id": 1, "bbox": [1, 2, 10, 10]}"#)]),
        Kind(format: COCOFormat(), files: ["x.json": coco(#""what""#)]),
        Kind(
            format: YOLOFormat(),
            files: [
                "data.yaml": "train: images\nnames: [Mass]\n", "labels/good.txt": "0 0.5 0.5 0.2 0.2\n",
                "labels/bad.txt": "0 0.5 0.5 0.2\n",
            ]),
        Kind(
            format: PascalVOCFormat(),
            files: ["good.xml": voc("good.png", "1", "9"), "bad.xml": voc("bad.png", "1", "nine")]),
        Kind(format: PascalVOCFormat(), files: ["good.xml": voc("good.png", "1", "9"), "bad.xml": "<annotation><filename>bad.png"]),
        Kind(
            format: CVATFormat(),
            files: [
                "annotations.xml": """
                <annotations><version>1.1</version><image id="0" name="good.png" width="64" height="48">
                <box label="Mass" xtl="1" ytl="2" xbr="9" ybr="9" occluded="0"/></image><image id="1" name="bad.png" width="64" height="48">
                <box label="Mass" xtl="1" ytl="2" xbr="nine" ybr="9" occluded="0"/></image></annotations>
                """
            ]),
        Kind(
            format: ChestXDet10Format(),
            files: [
                "train.json": """
                [{"file_name": "good.png", "syms": ["Mass"], "boxes": [[1, 2, 9, 9]]},
                {"file_name": "bad.png", "syms": ["Mass"], "boxes": [[1, 2, 9]]}]
                """
            ]),
        Kind(
            format: LabelStudioFormat(),
            files: ["x.json": "[\(labelStudio("good.png", "10")), \(labelStudio("bad.png", "\"wide\""))]"]),
        Kind(
            format: RSNAFormat(),
            files: ["stage_2_train_labels.csv": "patientId,x,y,width,height,Target\ngood,1,2,10,10,1\nbad,1,2,ten,10,1\n"]),
        Kind(
            format: VinDrFormat(),
            files: [
                "train.csv": """
                image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max
                good,Nodule/Mass,8,R1,1,2,10,10
                bad,Nodule/Mass,8,R1,1,2,ten,10

                """
            ]),
        Kind(
            format: NIHFormat(),
            files: [
                "BBox_List_2017.csv": "Image Index,Finding Label,Bbox [x,y,w,h]\ngood.png,Mass,1,2,10,10\nbad.png,Mass,1,2,ten,10\n",
                "Data_Entry_2017.csv":
                    "Image Index,Finding Labels,Patient ID,View Position\ngood.png,,1,PA\nbad.png,,2,PA\n",
            ]),
    ]

    private static func voc(_ name: String, _ xmin: String, _ xmax: String) -> String {
        """
        <annotation><filename>\(name)</filename><object><name>Mass</name><bndbox><xmin>\(xmin)</xmin><ymin>2</ymin><xmax>\(xmax)</xmax>
        <ymax>9</ymax></bndbox></object></annotation>
        """
    }

    private static func labelStudio(_ name: String, _ width: String) -> String {
        """
        {"id": 1, "data": {"image": "/data/local-files/?d=images/\(name)"}, "annotations": [{"result": [{"type": "rectanglelabels",
        "original_width": 64, "original_height": 48,
        "value": {"x": 10, "y": 10, "width": \(width), "height": 10, "rotation": 0, "rectanglelabels": ["Mass"]}}]}]}
        """
    }

    @Test(arguments: kinds) func anImageThatLostItsOnlyBoxIsNotNormal(_ kind: Kind) throws {
        let sample = try AnnotationSample(images: ["images/good.png", "images/bad.png"], files: kind.files)
        var importer = DatasetImporter()
        importer.skipsInvalid = true
        let outcome = try importer.importDataset(sample.source, format: kind.format, to: sample.root.file("dataset"))
        #expect(outcome.dataset.images.map(\.fileName) == kind.kept, "\(outcome.problems)")
        #expect(outcome.dataset.boxCount == 1)
        #expect(!outcome.problems.isEmpty)
        #expect(outcome.dataset.images.map(\.id) == Array(1...outcome.dataset.images.count))
    }

    @Test(arguments: kinds) func norDoesItComeBackAmongTheNormals(_ kind: Kind) throws {
        let sample = try AnnotationSample(
            images: ["images/good.png", "images/bad.png", "../normal/bad.png", "../normal/third.png"], files: kind.files)
        var importer = DatasetImporter()
        importer.skipsInvalid = true
        let normals = try AnnotationSource(sample.root.file("normal"))
        let outcome = try importer.importDataset(
            sample.source, format: kind.format, normals: [normals], to: sample.root.file("dataset"))
        let named = kind.files.values.contains { $0.contains("\"image_id\": 7") || $0.contains("\"what\"") }
        #expect(outcome.dataset.images.map(\.fileName) == ["good.png", "third.png"], "\(named) \(outcome.problems)")
        #expect(outcome.notes.contains("normal: left out 1 image that is named elsewhere too"), "\(outcome.notes)")
    }
}
