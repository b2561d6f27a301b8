import AnnotationFormats
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import TableFormats
import Testing

@Suite struct VinDrFormatTests {
    private let header = "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max\n"
    private let images = ["a", "b", "c"].map { "train/\($0).png" }

    private func dataset(_ tables: [String: String]) throws -> Dataset {
        let source = TableSource(root: try TemporaryFolder())
        return try source.outcome(source.make(tables, images: images), VinDrFormat()).dataset
    }

    @Test func everyReadersBoxesAreKeptAndOnlyWhatAllFindNormalIsNormal() throws {
        let dataset = try dataset([
            "train.csv": header + """
                a,No finding,14,R11,,,,
                b,Cardiomegaly,3,R10,10.0,20.0,40.0,44.5
                a,No finding,14,R7,,,,
                b,Nodule/Mass,8,R8,1,2,3,4
                b,No finding,14,R9,,,,
                b,Cardiomegaly,3,R8,11,20,40,44

                """
        ])
        #expect(dataset.findingClasses == [FindingClass(id: 4, name: "Cardiomegaly"), FindingClass(id: 9, name: "Nodule/Mass")])
        #expect(dataset.images.map(\.fileName) == ["a.png", "b.png"])
        #expect(dataset.images.map(\.isNormal) == [true, false] && dataset.images.allSatisfy { $0.part == nil })
        #expect(
            dataset.images[1].boxes == [
                Annotation(classID: 4, box: Box(x: 10, y: 20, width: 30, height: 24.5), reader: "R10"),
                Annotation(classID: 9, box: Box(x: 1, y: 2, width: 2, height: 2), reader: "R8"),
                Annotation(classID: 4, box: Box(x: 11, y: 20, width: 29, height: 24), reader: "R8"),
            ])
    }

    @Test func physioNetsTablesHavePartsAndLabels() throws {
        let dataset = try dataset([
            "annotations_train.csv": "image_id,rad_id,class_name,x_min,y_min,x_max,y_max\na,R1,Nodule/Mass,1,2,3,4\nb,R2,No finding,,,,\n",
            "annotations_test.csv": "image_id,class_name,x_min,y_min,x_max,y_max\nc,Edema,1,2,3,4\n",
            "image_labels_train.csv": "image_id,rad_id,Edema,COPD,Nodule/Mass,No finding\na,R1,0,0,1,0\na,R2,0,1.0,0,0\nb,R2,0,0,0,1\n",
            "image_labels_test.csv": "image_id,Edema,COPD,Nodule/Mass,No finding\nc,1,0,0,0\n",
        ])
        // No ids: alphabetical.
        #expect(dataset.findingClasses == [FindingClass(id: 1, name: "Edema"), FindingClass(id: 2, name: "Nodule/Mass")])
        let byName = Dictionary(uniqueKeysWithValues: dataset.images.map { ($0.fileName, $0) })
        #expect(byName.mapValues(\.part) == ["a.png": "train", "b.png": "train", "c.png": "test"])
        #expect(byName["a.png"]?.labels == ["Nodule/Mass", "COPD"])
        #expect(byName["b.png"]?.labels == [] && byName["b.png"]?.isNormal == true)
        #expect(byName["c.png"]?.labels == ["Edema"])
        #expect(byName["c.png"]?.boxes == [Annotation(classID: 1, box: Box(x: 1, y: 2, width: 2, height: 2))])
    }

    /// The pictures are 64 x 48, the tables speak of the originals.
    @Test func boxesOfSmallerCopiesAreFractionsOfTheOriginal() throws {
        let dataset = try dataset([
            "train.csv": "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max,width,height\n"
                + "a,Edema,0,R1,640,480,1280,960,2560,1920\nb,No finding,14,R1,,,,,2000,3000\nc,Edema,0,R1,0,0,1000,1500,2000,3000\n"
        ])
        #expect(
            dataset.images.map { $0.boxes.map(\.box) } == [
                [Box(x: 16, y: 12, width: 16, height: 12)], [], [Box(x: 0, y: 0, width: 32, height: 24)],
            ])
        #expect(dataset.findingClasses == [FindingClass(id: 1, name: "Edema")])
    }

    @Test func contradictionsAreTold() throws {
        let source = TableSource(root: try TemporaryFolder())
        let wide = "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max,width,height\n"
        let problems = try source.problems(
            [
                "annotations_a.csv": header + """
                    a,Edema,0,R1,1,2,3,4
                    a,Edema,1,R1,1,2,3,4
                    a,Mass,0,R1,1,2,3,4
                    a,Mass,x,R1,1,2,3,4
                    a,Mass,-1,R1,1,2,3,4
                    a,Mass,,R1,1,2,3,4
                    a,Mass,1.5,R1,1,2,3,4
                    a,No finding,14,R1,1,2,3,4
                    a,Edema,0,R1,,,,
                    a,,0,R1,1,2,3,4

                    """,
                "annotations_b.csv": wide + """
                    b,Edema,0,R1,1,2,3,4,64,48
                    b,Edema,0,R1,1,2,3,4,64,49
                    b,Edema,0,R1,1,2,3,4,,
                    b,Edema,0,R1,1,2,3,4,0,48
                    a,Edema,0,R1,1,2,3,4,64,48

                    """,
                "annotations_c.csv": "image_id,class_name,x_min,y_min,x_max,y_max,width\nb,Edema,1,2,3,4,64\n",
                "image_labels_b.csv": "image_id,Edema,No finding\nb,2,0\nb,,1\n,0,1\na,1,0\n",
                "image_labels_c.csv": "image_id,Edema,Edema\nb,1,0\n",
            ], VinDrFormat(), images: images)
        let (a, b) = ("annotations_a.csv, row", "annotations_b.csv, row")
        let (id, finding) = ("the class_id is not a whole number from 0", "a finding is neither 0 nor 1")
        #expect(
            problems == [
                "\(a) 3: another class_id for this finding than in a row above",
                "\(a) 4: another class_id for this finding than in a row above",
                "\(a) 5: \(id)", "\(a) 6: \(id)", "\(a) 7: \(id)", "\(a) 8: \(id)", "\(a) 9: a box of \"No finding\"", "\(a) 10: no box",
                "\(a) 11: no finding", "\(b) 3: another size than in a row above of this image", "\(b) 4: no width and height",
                "\(b) 5: the image's width or height is not a positive whole number",
                "\(b) 6: another part of the split than in a row above of this image",
                "annotations_c.csv has one of the columns \"width\" and \"height\" without the other",
                "image_labels_b.csv, row 2: \(finding)", "image_labels_b.csv, row 3: \(finding)", "image_labels_b.csv, row 4: no image",
                "image_labels_b.csv, row 5: another part of the split than in a row above of this image",
                "image_labels_c.csv has a column without a title or twice the same",
            ])
    }

    @Test func anExportReadsAsKagglesTableAndNeverCallsAFindingNormal() throws {
        let root = try TemporaryFolder()
        var dataset = try RandomDataset([.findings, .classIDs, .emptyImages, .readers]).make(seed: 6, in: root.file("set"))
        let empty = try #require(dataset.images.firstIndex { $0.boxes.isEmpty })
        dataset.images[empty].labels = ["COPD"]
        let target = root.file("export")
        try DatasetExporter(VinDrFormat()).write(dataset, to: target)
        let table = try String(contentsOf: target.appendingPathComponent("train.csv"), encoding: .utf8)
        #expect(table.hasPrefix(header))
        let normal = dataset.images.filter(\.isNormal).count
        #expect(table.components(separatedBy: ",No finding,14,,,,,\n").count - 1 == normal)
        let labels = try String(contentsOf: target.appendingPathComponent("image_labels.csv"), encoding: .utf8)
        #expect(labels.hasPrefix("image_id,COPD,No finding\n") && labels.hasSuffix(",1,0\n"))
        let back = try DatasetImporter().importDataset(AnnotationSource(target), format: VinDrFormat(), to: root.file("back")).dataset
        expectSame(dataset, back, carrying: VinDrFormat().contents, tolerance: 1e-12)
        #expect(back.images.filter(\.isNormal).count == normal)
    }
}
