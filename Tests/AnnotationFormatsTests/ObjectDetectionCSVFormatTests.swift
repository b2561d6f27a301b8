import AnnotationFormats
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Radiographs
import TableFormats
import Testing

@Suite struct ObjectDetectionCSVFormatTests {
    private let header = "filename,width,height,class,xmin,ymin,xmax,ymax\n"

    @Test func thePartsAndTheIDsAreThoseOfTheFiles() throws {
        let source = TableSource(root: try TemporaryFolder())
        let map =
            "item {\n  id: 5\n  name: 'Nodule'\n}\nitem {\n  id: 2\n  display_name: 'Mass'\n}\nitem {\n  id: 9\n  name: 'Fracture'\n}\n"
        let dataset = try source.dataset(
            [
                "train_list.csv": header + "one.png,64,48,Nodule,1,2,11.5,22\none.png,64,48,Mass,0,0,64,48\n",
                "my_val_labels.csv": header + "two.jpg,64,48,Mass,3,4,5,6\n", "label_map.pbtxt": map,
            ], ObjectDetectionCSVFormat())
        #expect(
            dataset.findingClasses == [
                FindingClass(id: 5, name: "Nodule"), FindingClass(id: 2, name: "Mass"), FindingClass(id: 9, name: "Fracture"),
            ])
        #expect(dataset.images.map(\.fileName).sorted() == ["one.png", "two.png"])
        let one = try #require(dataset.images.first { $0.fileName == "one.png" })
        let two = try #require(dataset.images.first { $0.fileName == "two.png" })
        #expect([one.part, two.part] == ["train", "validation"])
        #expect(
            one.boxes == [
                Annotation(classID: 5, box: Box(x: 1, y: 2, width: 10.5, height: 20)),
                Annotation(classID: 2, box: Box(x: 0, y: 0, width: 64, height: 48)),
            ])
        #expect(two.boxes == [Annotation(classID: 2, box: Box(x: 3, y: 4, width: 2, height: 2))])
    }

    @Test(arguments: [
        ("train_list.csv", "train"), ("test_list.csv", "test"), ("Test_Labels.csv", "test"), ("raccoon-train_labels.csv", "train"),
        ("valid.csv", "validation"), ("holdout_list.csv", "holdout"), ("annotations_list.csv", nil), ("raccoon_labels.csv", nil),
        ("train_and_test_list2.csv", nil), ("contest.csv", nil),
    ])
    func theFileNameSaysThePart(name: String, part: String?) throws {
        let source = TableSource(root: try TemporaryFolder())
        let dataset = try source.dataset([name: header + "one.png,64,48,Nodule,1,2,11,22\n"], ObjectDetectionCSVFormat())
        #expect(dataset.images.map(\.part) == [part])
    }

    /// A photographed film that lies turned in its file: boxes are on the upright picture, and the dataset holds that.
    @Test func aPictureThatExifTurnsIsImportedUpright() throws {
        let source = TableSource(root: try TemporaryFolder())
        let folder = try source.make(["train_list.csv": header + "film.jpg,48,64,Nodule,1,2,41,62\n"], images: [])
        let lying = PixelImage(width: 64, height: 48, bits: 8, samples: (0..<(64 * 48)).map { UInt16($0 % 64 * 4) })
        var bytes = try lying.jpegThumbnail(maximumSide: 64)
        let tiff: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
        bytes.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(tiff.count + 8)] + Array("Exif\0\0".utf8) + tiff, at: 2)
        try bytes.write(to: folder.appendingPathComponent("film.jpg"))
        let dataset = try source.outcome(folder, ObjectDetectionCSVFormat()).dataset
        let image = try #require(dataset.images.first)
        #expect(image.fileName == "film.png" && image.width == 48 && image.height == 64)
        #expect(image.boxes == [Annotation(classID: 1, box: Box(x: 1, y: 2, width: 40, height: 60))])
        let laid = try Data(contentsOf: dataset.url(of: image))
        #expect(try RasterHeader(laid).orientation == .topLeft)
        let picture = try PNGDecoder().decode(laid, frame: 1, limits: DecodingLimits()).pixels
        #expect(picture.width == 48 && picture.height == 64)
        // Turned clockwise, what grew from left to right grows from top to bottom.
        #expect(picture.samples[0] < 20 && picture.samples[47] < 20 && picture.samples[63 * 48] > 235)

        // Within TFRecords nobody can say which of the two its boxes are on.
        try bytes.write(to: dataset.url(of: image))
        let records = source.root.file("records")
        try DatasetExporter(TFRecordFormat()).write(dataset, to: records)
        let error = #expect(throws: DatasetError.self) { try TFRecordDataset.open(records: [records]) }
        #expect(error?.problems.count == 1 && "\(error?.problems.first ?? "")".contains("Exif"), "\(error as Any)")
    }

    @Test func anExportHasAFileAPartWhateverThePartsAreCalled() throws {
        let root = try TemporaryFolder()
        var dataset = try RandomDataset([.findings, .parts]).make(seed: 5, in: root.file("set"))
        for (index, part) in ["train", "test", "validation", nil, "annotations", "val", "a/b %", "..", "Train", "pre-train", "ø"]
            .enumerated()
        {
            dataset.images[index].part = part
        }
        let target = root.file("export")
        try DatasetExporter(ObjectDetectionCSVFormat()).write(dataset, to: target)
        let names = try Files.names(in: target)
        #expect(names.count == 13)
        #expect(Set(names).isSuperset(of: ["train_list.csv", "test_list.csv", "validation_list.csv", "annotations_list.csv"]))
        #expect(Set(names).isSuperset(of: ["images", "label_map.pbtxt"]))
        let text = try String(contentsOf: target.appendingPathComponent("train_list.csv"), encoding: .utf8)
        let first = dataset.images[0]
        let box = first.boxes[0].box
        let edges = [box.x, box.y, box.maxX, box.maxY].map { String(Int($0)) }.joined(separator: ",")
        let label = try #require(dataset.findingClasses.first { $0.id == first.boxes[0].classID }?.name)
        #expect(text.hasPrefix(header + "\(first.fileName),\(first.width),\(first.height),\(label),\(edges)\n"))
        let back = try DatasetImporter().importDataset(AnnotationSource(target), format: ObjectDetectionCSVFormat(), to: root.file("back"))
        expectSame(dataset, back.dataset, carrying: ObjectDetectionCSVFormat().contents, tolerance: 1e-12)
    }

    @Test func rowsThatContradictEachOtherOrTheImageAreTold() throws {
        let source = TableSource(root: try TemporaryFolder())
        let rows = """
            one.png,64,48,Mass,1,2,3,4
            one.png,64,49,Mass,1,2,3,4
            one.png,65,48,Mass,1,2,3,4
            one.png,sixty,48,Mass,1,2,3,4
            one.png,64,-1,Mass,1,2,3,4
            one.png,64.5,48,Mass,1,2,3,4
            one.png,1e30,48,Mass,1,2,3,4
            one.png,64,48,,1,2,3,4
            one.png,64,48,Mass,,,,
            one.png,,,Mass,1,2,3,4
            two.png,32,48,Mass,1,2,3,4
            """
        let number = "the image's width or height is not a positive whole number"
        let problems = try source.problems(
            ["train_list.csv": header + rows, "test_list.csv": header + "one.png,64,48,Mass,1,2,3,4\n"], ObjectDetectionCSVFormat())
        let train = "train_list.csv, row"
        // The files go by name.
        #expect(
            problems == [
                "\(train) 2: another part of the split than in a row above of this image",
                "\(train) 3: another height than in a row above of this image",
                "\(train) 4: another width than in a row above of this image",
                "\(train) 5: \(number)", "\(train) 6: \(number)", "\(train) 7: \(number)", "\(train) 8: \(number)",
                "\(train) 9: no finding",
                "\(train) 10: no box", "\(train) 11: another part of the split than in a row above of this image",
                "\(train) 12: two.png: the size is not that of its image",
            ])
    }

    @Test func aLabelMapMustHaveTheFindingsAndBeOne() throws {
        let source = TableSource(root: try TemporaryFolder())
        let table = header + "one.png,64,48,Mass,1,2,3,4\none.png,64,48,Nodule,1,2,3,4\n"
        #expect(
            try source.problems(["a.csv": table, "label_map.pbtxt": "item { id: 1 name: 'Mass' }"], ObjectDetectionCSVFormat())
                == ["a.csv, row 3: the finding is not in the label map"])
        #expect(
            try source.problems(["a.csv": table, "label_map.pbtxt": "item { id: 0 name: 'Mass' }"], ObjectDetectionCSVFormat())
                == ["label_map.pbtxt: out of range: item 1: id 0 of 'Mass' is the background's; ids begin at 1"])
    }

    @Test func anImageNamedWithoutAnyBoxIsAnImageWithoutBoxes() throws {
        let source = TableSource(root: try TemporaryFolder())
        let dataset = try source.dataset(
            ["a.csv": header + "one.png,64,48,Mass,1,2,3,4\ntwo.png,64,48,,,,,\n"], ObjectDetectionCSVFormat())
        #expect(dataset.images.map(\.boxes.count) == [1, 0])
    }
}
