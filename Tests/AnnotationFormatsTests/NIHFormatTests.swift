import AnnotationFormats
import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Radiographs
import TableFormats
import Testing

@Suite struct NIHFormatTests {
    private static let header = "Image Index,Finding Label,\"Bbox [x,y,w,h]\",,,\n".replacingOccurrences(of: "\"", with: "")
    private static let entryHeader = "Image Index,Finding Labels,Patient ID,View Position\r\n"

    /// A folder as NIH ships it: two patients, three boxes, the pictures as PNG under names that the list may spell `.jpg`.
    private func makeSource(_ root: TemporaryFolder, boxes: String? = nil, name: String = "source") throws -> URL {
        let source = root.file(name)
        let picture = try DrawnPictures.flat(width: 64, height: 48, grey: 90).png()
        for stem in ["00000007_000", "00000007_003", "00000012_001"] {
            try Files.write(picture, to: source.appendingPathComponent("images/\(stem).png"))
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

    private func importNIH(from source: URL, normals: [URL] = [], to target: URL, copiesImages: Bool = false) throws -> Dataset {
        var importer = DatasetImporter()
        importer.copiesImages = copiesImages
        let source = try AnnotationSource(source)
        #expect(try AnnotationFormats.recognised(source).name == "nih")
        return try importer.importDataset(source, format: NIHFormat(), normals: normals.map { try AnnotationSource($0) }, to: target)
            .dataset
    }

    @Test func boxesClassesViewsAndFoldsAreThoseOfTheFiles() throws {
        let root = try TemporaryFolder()
        let source = try makeSource(root)
        let dataset = try importNIH(from: source, normals: [source], to: root.file("dataset"))
        #expect(dataset.findingClasses == [FindingClass(id: 1, name: "Effusion"), FindingClass(id: 2, name: "Nodule")])
        #expect(dataset.images.map(\.fileName) == ["00000012_001.png", "00000007_003.png", "00000007_000.png"])
        #expect(dataset.images.map(\.patient) == ["00000012", "00000007", "00000007"])
        #expect(dataset.images.map(\.view) == ["PA", "AP", nil])
        #expect(dataset.images.allSatisfy { $0.width == 64 && $0.height == 48 })
        #expect(
            dataset.images[0].boxes == [
                Annotation(classID: 2, box: Box(x: 1.5, y: 2.25, width: 10.125, height: 20)),
                Annotation(classID: 1, box: Box(x: 20, y: 20, width: 30, height: 20.5)),
            ])
        #expect(dataset.images[2].boxes.isEmpty)
        // 12 is in folds.csv, 7 is not: 7 modulo 4.
        #expect(dataset.images.map { dataset.fold(of: $0) } == [2, 3, 3])
        for image in dataset.images {
            let type = try FileManager.default.attributesOfItem(atPath: dataset.url(of: image).path)[.type] as? FileAttributeType
            #expect(type == .typeSymbolicLink)
            #expect(try RasterHeader(Data(contentsOf: dataset.url(of: image))).width == 64)
        }
        #expect(try Dataset.read(directory: root.file("dataset")) == dataset)
    }

    @Test func imagesAreCopiedOnRequest() throws {
        let root = try TemporaryFolder()
        let dataset = try importNIH(from: makeSource(root), to: root.file("dataset"), copiesImages: true)
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
            try importNIH(from: source, normals: [source], to: root.file("dataset"))
        }
        let list = "BBox_List_2017.csv, row"
        #expect(
            error?.problems == [
                "\(list) 4: the box is not x, y and a positive width and height", "\(list) 5: no finding",
                "\(list) 6: the box is not x, y and a positive width and height", "\(list) 3: its image is not there",
                "source, image 1 by path: 00000007_000.png: its image: unknown format: the content is neither PNG nor JPEG",
                "\(list) 7: a box that is not on its image",
            ])
        #expect(error?.description == "malformed: \(list) 4: the box is not x, y and a positive width and height (and 5 more)")
        #expect(try Files.names(in: root.url) == ["source"])
    }

    /// A second folder of which only findings of whole images are known, for joint training.
    @Test func imagesWithLabelsAloneAreAdded() throws {
        let root = try TemporaryFolder()
        let source = try makeSource(root)
        let labelled = root.file("labelled")
        try FileManager.default.createDirectory(at: labelled.appendingPathComponent("images"), withIntermediateDirectories: true)
        for name in ["00000012_001.png", "00000020_000.png", "00000021_000.png"] {
            try FileManager.default.copyItem(
                at: source.appendingPathComponent("images/00000012_001.png"), to: labelled.appendingPathComponent("images/\(name)"))
        }
        let entries = "00000012_001.png,Mass,12,PA\n00000020_000.png,Infiltration|Hernia,20,PA\n00000021_000.png,No Finding,21,PA\n"
        try (Self.entryHeader + entries)
            .write(to: labelled.appendingPathComponent("Data_Entry_2017.csv"), atomically: true, encoding: .utf8)
        let dataset = try DatasetImporter().importDataset(
            AnnotationSource(source), format: NIHFormat(), labelled: [AnnotationSource(labelled)], to: root.file("dataset")
        ).dataset
        // The classes stay those of the boxes, and what is in both folders is what the boxes' folder says.
        #expect(dataset.findingClasses.map(\.name) == ["Effusion", "Nodule"])
        #expect(dataset.images.map(\.stem) == ["00000012_001", "00000007_003", "00000020_000", "00000021_000"])
        #expect(dataset.images[0].labels == ["Nodule", "Effusion"] && dataset.images[0].boxes.count == 2)
        #expect(dataset.images[2].labels == ["Infiltrate", "Hernia"] && dataset.images[2].boxes.isEmpty && !dataset.images[2].isNormal)
        #expect(dataset.images[3].labels == [] && dataset.images[3].isNormal)
        #expect(dataset.images.map { dataset.fold(of: $0) } == [2, 3, 0, 1])
    }

    @Test func aTargetThatHoldsSomethingIsLeftAlone() throws {
        let root = try TemporaryFolder()
        let target = root.file("dataset")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        #expect(try importNIH(from: makeSource(root), to: target).images.count == 2)
        let before = try Data(contentsOf: target.appendingPathComponent("annotations.json"))
        let error = #expect(throws: DatasetError.self) { try importNIH(from: root.file("source"), to: target) }
        #expect(error?.code == .exists)
        #expect(try Data(contentsOf: target.appendingPathComponent("annotations.json")) == before)
    }

    @Test func whatTheDataEntrySaysIsKeptAndComesBack() throws {
        let root = try TemporaryFolder()
        let source = try makeSource(root)
        try """
        Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Sex,View Position,fold
        00000012_001.png,Infiltration|Mass,3,12,061Y,F,PA,
        00000007_003.png,No Finding,0,7,42,M,AP,1
        00000007_000.png,,1,7,,M,,

        """.write(to: source.appendingPathComponent("Data_Entry_2017.csv"), atomically: true, encoding: .utf8)
        let dataset = try importNIH(from: source, to: root.file("dataset"))
        #expect(dataset.images.map(\.labels) == [["Infiltrate", "Mass"], [], nil])
        #expect(dataset.images.map(\.isNormal) == [false, false, true])
        #expect(dataset.images[0].attributes == ["sex": "F", "age": "061Y", "follow_up": "3"])
        #expect(dataset.folds == ["00000012": 2, "00000007": 1])
        let exporter = DatasetExporter(NIHFormat())
        #expect(exporter.lost(of: dataset).isEmpty)
        try exporter.write(dataset, to: root.file("again"))
        let again = try importNIH(from: root.file("again"), to: root.file("dataset 2"))
        #expect(again.images == dataset.images && again.folds == dataset.folds && again.findingClasses == dataset.findingClasses)
    }

    @Test func foldersThatAreLinksAreEnteredOnceAndPipesAreNotWaitedFor() throws {
        let root = try TemporaryFolder()
        let source = try makeSource(root)
        let manager = FileManager.default
        try manager.moveItem(at: source.appendingPathComponent("images"), to: root.file("elsewhere"))
        try manager.createSymbolicLink(at: source.appendingPathComponent("images"), withDestinationURL: root.file("elsewhere"))
        // A way round in a circle, and a pipe in a picture's clothes.
        try manager.createSymbolicLink(at: root.file("elsewhere/back"), withDestinationURL: source)
        try #require(mkfifo(root.file("elsewhere/00000099_000.png").path, 0o600) == 0)
        let dataset = try importNIH(from: source, to: root.file("dataset"))
        #expect(dataset.images.map(\.fileName) == ["00000012_001.png", "00000007_003.png"] && dataset.boxCount == 3)
        #expect(throws: DatasetError.self) { try AnnotationSource(root.file("elsewhere/00000099_000.png")) }
    }

    @Test func aFolderOfNoFormatSaysSo() throws {
        let root = try TemporaryFolder()
        let error = #expect(throws: DatasetError.self) { try AnnotationFormats.recognised(AnnotationSource(root.url)) }
        #expect(error?.code == .malformed && error?.reason.hasPrefix("no annotation format is recognised") == true)
        #expect(throws: DatasetError.self) { try AnnotationSource(root.file("nothing")) }
        // A file that breaks off is told as what it is.
        try "{\"images\":\n[".write(to: root.file("a.json"), atomically: true, encoding: .utf8)
        let broken = #expect(throws: DatasetError.self) { try AnnotationFormats.recognised(AnnotationSource(root.file("a.json"))) }
        #expect(broken?.reason == "a.json, line 2: not JSON")
        try "<other>&a;<!DOCTYPE x>".write(to: root.file("a.xml"), atomically: true, encoding: .utf8)
        let declared = #expect(throws: DatasetError.self) { try AnnotationFormats.recognised(AnnotationSource(root.file("a.xml"))) }
        #expect(declared?.reason.hasPrefix("a.xml: a document type") == true)
    }

    @Test(.enabled(if: Repository.realData != nil, "the real radiographs are not on this machine"))
    func theRealBoxListIsReadWhole() throws {
        let data = try #require(Repository.realData)
        let root = try TemporaryFolder()
        let dataset = try importNIH(
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
