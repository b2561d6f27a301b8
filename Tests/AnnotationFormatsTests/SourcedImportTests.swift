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

/// NIH's files with the further boxes of ChestX-Det10 and RSNA, small and drawn, as one dataset with sources.
@Suite struct SourcedImportTests {
    private let root: TemporaryFolder

    init() throws { root = try TemporaryFolder() }

    private func write(_ text: String, to path: String) throws { try Files.write(Data(text.utf8), to: root.file(path)) }

    private func makeFolders(det10: String? = nil) throws {
        let picture = try DrawnPictures.flat(width: 64, height: 48, grey: 90).png()
        for name in ["boxed/images/00000001_000", "boxed/images/00000002_000", "normal/00000003_000", "labelled/images/00000004_000"] {
            try Files.write(picture, to: root.file(name + ".png"))
        }
        try write(
            "Image Index,Finding Label,Bbox [x,y,w,h],,,\n00000001_000.png,Infiltrate,2,2,20,20,,,\n00000002_000.png,Nodule,30,10,8,8,,,\n",
            to: "boxed/BBox_List_2017.csv")
        let header = "Image Index,Finding Labels,Patient ID,View Position\n"
        try write(
            header + "00000001_000.png,Infiltration|Pleural_Thickening,1,PA\n00000002_000.png,Nodule|Hernia,2,AP\n",
            to: "boxed/Data_Entry_2017.csv")
        try write(header + "00000003_000.png,No Finding,3,PA\n", to: "normal/Data_Entry_2017.csv")
        try write(header + "00000004_000.png,Fibrosis,4,PA\n", to: "labelled/Data_Entry_2017.csv")
        try write(
            det10
                ?? "image,label,x,y,w,h\n00000001_000,Consolidation,5,5,10,10\n00000002_000,Nodule,30,10,8,9\n"
                + "00000002_000,Nodule,2,2,6,6\n",
            to: "boxed/boxes_chestx_det10.csv")
        try write("image,label,x,y,w,h\n00000001_000,Lung Opacity,2.0,2.0,20.0,20.0\n", to: "boxed/boxes_rsna.csv")
        try write("image,label,x,y,w,h\n00000004_000,Fracture,4.5,4,6,6\n", to: "labelled/boxes_chestx_det10.csv")
    }

    private func imported(_ name: String = "nih14", to target: String = "set") throws -> DatasetImporter.Outcome {
        var importer = DatasetImporter()
        importer.sources = try SourcesFile(named: name)
        return try importer.importDataset(
            AnnotationSource(root.file("boxed")), format: NIHFormat(), normals: [AnnotationSource(root.file("normal"))],
            labelled: [AnnotationSource(root.file("labelled"))], to: root.file(target))
    }

    @Test func everyBoxAndLabelComesUnderItsSource() throws {
        try makeFolders()
        let outcome = try imported()
        let set = try Dataset.read(directory: root.file("set"))
        #expect(set == outcome.dataset && outcome.problems.isEmpty)
        #expect(
            set.findingClasses.count == 14 && set.sources.map(\.name) == ["nih-boxes", "chestx-det10", "rsna", "nih-normals", "nih-labels"])
        #expect(
            set.images.map(\.sources) == [
                ["nih-boxes", "chestx-det10", "rsna", "nih-labels"], ["nih-boxes", "chestx-det10", "nih-labels"], ["nih-normals"],
                ["chestx-det10", "nih-labels"],
            ])
        let names = set.findingClasses.reduce(into: [Int: String]()) { $0[$1.id] = $1.name }
        func boxes(_ image: Int) -> [String] {
            set.images[image].boxes.map { "\(names[$0.classID] ?? "?") \($0.reader ?? "-") \(Int($0.box.x))" }
        }
        #expect(boxes(0) == ["Infiltrate nih-boxes 2", "Consolidation chestx-det10 5"])
        // The second reader's first box is the first reader's.
        #expect(boxes(1) == ["Nodule nih-boxes 30", "Nodule chestx-det10 2"])
        #expect(boxes(2).isEmpty && set.images[2].labels == [])
        #expect(boxes(3) == ["Fracture chestx-det10 4"])
        #expect(set.images[0].labels == ["Infiltrate", "Pleural thickening"] && set.images[1].labels == ["Nodule", "Hernia"])
        // Opacity may be any of its kinds.
        #expect(
            set.images[0].unknown.map { names[$0.classID] ?? "?" } == ["Atelectasis", "Infiltrate", "Pneumonia", "Consolidation"])
        #expect(set.images[0].unknown.allSatisfy { $0.box == Box(x: 2, y: 2, width: 20, height: 20) && $0.reader == "rsna" })
        #expect(outcome.notes.contains("1 boxes of chestx-det10 are the same as those of a source before it (IoU over 0.4): left out"))
        try set.requireSoundSources()
    }

    @Test func knowledgeFollowsFromTheFiles() throws {
        try makeFolders()
        let set = try imported().dataset
        let coverage = try #require(SourceCoverage(set))
        func known(_ image: Int, _ name: String) -> FindingKnowledge? {
            set.findingClasses.firstIndex { $0.name == name }.map { coverage.knowledge(of: set.images[image])[$0] }
        }
        #expect(known(0, "Infiltrate") == .complete && known(0, "Consolidation") == .complete && known(0, "Mass") == .complete)
        #expect(known(0, "Pleural thickening") == .present && known(1, "Pleural thickening") == .absent)
        #expect(known(2, "Pleural thickening") == .complete && known(2, "Fracture") == .unknown)
        // Labelled, and its boxes are said to be complete, but there is none.
        #expect(known(3, "Fibrosis") == .present && known(3, "Fracture") == .complete && known(3, "Pneumonia") == .absent)
    }

    @Test func aLabelInNoOntologyIsToldWithRowAndNearestName() throws {
        try makeFolders(det10: "image,label,x,y,w,h\n00000001_000,Consolidatoin,5,5,10,10\n")
        #expect {
            _ = try imported()
        } throws: { error in
            (error as? DatasetError)?.reason
                == "boxes_chestx_det10.csv, row 2: \"Consolidatoin\" is in no ontology; the nearest name is \"Consolidation\""
        }
    }

    @Test func aTableOfNoSourceIsRefused() throws {
        try makeFolders()
        try write(
            #"{"findings": ["Nodule"], "sources": [{"name": "a", "boxed": ["Nodule"], "complete": true, "tables": ["other.csv"]}]}"#,
            to: "own.json")
        #expect {
            _ = try imported(root.file("own.json").path)
        } throws: { error in
            (error as? DatasetError)?.problems.first
                == "BBox_List_2017.csv, row 2: BBox_List_2017.csv is of no source; name it under \"tables\" of one"
        }
    }

    /// A dataset's directory is a source itself.
    @Test func sourcesComeThroughAnImportAndAnExport() throws {
        try makeFolders()
        let set = try imported().dataset
        let again = try DatasetImporter().importDataset(
            AnnotationSource(root.file("set")), format: AnnotationFormats.recognised(AnnotationSource(root.file("set"))),
            to: root.file("again")
        ).dataset
        #expect(again.sources == set.sources && again.canonicalBytes == set.canonicalBytes)
        let coco = try #require(AnnotationFormats.named("coco"))
        _ = try DatasetExporter(coco).write(set, to: root.file("coco"))
        #expect(try Dataset.read(directory: root.file("coco")).canonicalBytes == set.canonicalBytes)
        let csv = try #require(AnnotationFormats.named("csv"))
        #expect(DatasetExporter(csv).lost(of: set) == ["what the sources say"])
        #expect(DatasetExporter(coco).lost(of: set).isEmpty)
    }
}
