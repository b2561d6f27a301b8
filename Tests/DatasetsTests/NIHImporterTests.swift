import Datasets
import Findings
import Foundation
import Radiographs
import TestSupport
import Testing

@Suite struct NIHImporterTests {
    private static let header = "Image Index,Finding Label,\"Bbox [x,y,w,h]\",,,\n".replacingOccurrences(of: "\"", with: "")
    private static let entryHeader = "Image Index,Finding Labels,Patient ID,View Position\r\n"

    /// A folder as NIH ships it: two patients, three boxes, the pictures as PNG under names that the list may spell `.jpg`.
    private func makeSource(_ root: TemporaryFolder, boxes: String? = nil, name: String = "source") throws -> URL {
        let source = root.file(name)
        try FileManager.default.createDirectory(at: source.appendingPathComponent("images"), withIntermediateDirectories: true)
        let picture = try PixelImage(width: 64, height: 48, bits: 8, samples: Array(repeating: 90, count: 64 * 48)).png()
        for stem in ["00000007_000", "00000007_003", "00000012_001"] {
            try picture.write(to: source.appendingPathComponent("images/\(stem).png"))
        }
        let list =
            boxes ?? """
                00000012_001.jpg,Nodule,1.5,2.25,10.125,20,,,
                00000007_003.png,Effusion,5,6,7,8,,,
                00000012_001.jpg,Effusion,20,20,30,20.5,,,

                """
        try (Self.header + list).write(to: source.appendingPathComponent("BBox_List_2017.csv"), atomically: true, encoding: .utf8)
        let entries = "00000012_001.png,Nodule|Effusion,12,PA\r\n00000007_003.png,Effusion,7,AP\r\n"
        try (Self.entryHeader + entries).write(to: source.appendingPathComponent("Data_Entry_2017.csv"), atomically: true, encoding: .utf8)
        try "patient,fold\n00000012,2\n".write(to: source.appendingPathComponent("folds.csv"), atomically: true, encoding: .utf8)
        return source
    }

    @Test func boxesClassesViewsAndFoldsAreThoseOfTheFiles() throws {
        let root = try TemporaryFolder()
        let source = try makeSource(root)
        let dataset = try NIHImporter().importDataset(from: source, normals: [source], to: root.file("dataset"))
        #expect(dataset.findingClasses == [FindingClass(id: 1, name: "Effusion"), FindingClass(id: 2, name: "Nodule")])
        #expect(dataset.images.map(\.fileName) == ["00000007_003.png", "00000012_001.png", "00000007_000.png"])
        #expect(dataset.images.map(\.patient) == ["00000007", "00000012", "00000007"])
        #expect(dataset.images.map(\.view) == ["AP", "PA", nil])
        #expect(dataset.images.allSatisfy { $0.width == 64 && $0.height == 48 })
        #expect(
            dataset.images[1].boxes == [
                Annotation(classID: 2, box: Box(x: 1.5, y: 2.25, width: 10.125, height: 20)),
                Annotation(classID: 1, box: Box(x: 20, y: 20, width: 30, height: 20.5)),
            ])
        #expect(dataset.images[2].boxes.isEmpty)
        // 12 is in folds.csv, 7 is not: 7 modulo 4.
        #expect(dataset.images.map { dataset.fold(of: $0) } == [3, 2, 3])
        for image in dataset.images {
            let type = try FileManager.default.attributesOfItem(atPath: dataset.url(of: image).path)[.type] as? FileAttributeType
            #expect(type == .typeSymbolicLink)
            #expect(try RasterHeader(Data(contentsOf: dataset.url(of: image))).width == 64)
        }
        #expect(try Dataset.read(directory: root.file("dataset")) == dataset)
    }

    @Test func imagesAreCopiedOnRequest() throws {
        let root = try TemporaryFolder()
        let dataset = try NIHImporter(copiesImages: true).importDataset(from: makeSource(root), to: root.file("dataset"))
        #expect(dataset.images.count == 2)
        for image in dataset.images {
            let type = try FileManager.default.attributesOfItem(atPath: dataset.url(of: image).path)[.type] as? FileAttributeType
            #expect(type == .typeRegular)
        }
    }

    @Test func everyProblemIsReportedWithItsRowAndNothingIsWritten() throws {
        let root = try TemporaryFolder()
        let source = try makeSource(
            root,
            boxes: """
                00000012_001.png,Nodule,1,2,3,4,,,
                00000099_000.png,Nodule,1,2,3,4,,,
                00000012_001.png,Nodule,one,2,3,4,,,
                00000012_001.png,,1,2,3,4,,,
                00000012_001.png,Nodule,1,2,0,4,,,
                00000007_003.png,Nodule,60,2,30,4,,,

                """)
        try Data("no image".utf8).write(to: source.appendingPathComponent("images/00000007_000.png"))
        let error = #expect(throws: DatasetError.self) {
            try NIHImporter().importDataset(from: source, normals: [source], to: root.file("dataset"))
        }
        let list = "BBox_List_2017.csv, row"
        #expect(
            error?.problems == [
                "\(list) 3: its image is not in images/", "\(list) 4: the box is not x, y and a positive width and height",
                "\(list) 5: no finding", "\(list) 6: the box is not x, y and a positive width and height",
                "\(list) 7: a box that is not on its image",
                "source, image 1 of images/ by name: unknown format: the content is neither PNG nor JPEG",
            ])
        #expect(error?.description == "malformed: \(list) 3: its image is not in images/ (and 5 more)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: root.url.path) == ["source"])
    }

    @Test func aTargetThatHoldsSomethingIsLeftAlone() throws {
        let root = try TemporaryFolder()
        let target = root.file("dataset")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        #expect(try NIHImporter().importDataset(from: makeSource(root), to: target).images.count == 2)
        let before = try Data(contentsOf: target.appendingPathComponent("annotations.json"))
        let error = #expect(throws: DatasetError.self) { try NIHImporter().importDataset(from: root.file("source"), to: target) }
        #expect(error?.code == .exists)
        #expect(try Data(contentsOf: target.appendingPathComponent("annotations.json")) == before)
    }

    @Test func aFolderThatIsNotNIHsSaysWhatIsMissing() throws {
        let root = try TemporaryFolder()
        let error = #expect(throws: DatasetError.self) { try NIHImporter().importDataset(from: root.url, to: root.file("dataset")) }
        #expect(error?.code == .missing && error?.problems.first?.hasSuffix("has no folder images/") == true)
    }

    @Test(.enabled(if: Repository.realData != nil, "the real radiographs are not on this machine"))
    func theRealBoxListIsReadWhole() throws {
        let data = try #require(Repository.realData)
        let root = try TemporaryFolder()
        let dataset = try NIHImporter().importDataset(
            from: data.appendingPathComponent("nih-boxes"), normals: [data.appendingPathComponent("nih-normal")], to: root.file("dataset"))
        let boxed = dataset.images.filter { !$0.boxes.isEmpty }
        #expect(boxed.count == 703 && dataset.boxCount == 788)
        #expect(dataset.images.count - boxed.count == 300)
        #expect(
            dataset.findingClasses.map(\.name) == [
                "Atelectasis", "Cardiomegaly", "Effusion", "Infiltrate", "Mass", "Nodule", "Pneumonia", "Pneumothorax",
            ])
        #expect(dataset.findingClasses.map(\.id) == Array(1...8))
        #expect(dataset.images.allSatisfy { $0.width == 1024 && $0.height == 1024 && $0.view != nil })
        let folds = Set(dataset.images.compactMap { dataset.fold(of: $0) })
        #expect(folds == [0, 1, 2, 3] && dataset.images.allSatisfy { dataset.fold(of: $0) != nil })
        #expect(try Dataset.read(directory: root.file("dataset")) == dataset)
    }
}
