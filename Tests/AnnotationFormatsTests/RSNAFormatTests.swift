import AnnotationFormats
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import TableFormats
import Testing

@Suite struct RSNAFormatTests {
    private let header = "patientId,x,y,width,height,Target\n"
    private let images = ["a", "b", "c", "d"].map { "stage_2_train_images/\($0).png" }

    private let labels = """
        a,,,,,0
        b,4.0,5.0,20.0,30.5,1
        b,30.0,5.0,20.0,30.0,1
        c,,,,,0

        """

    @Test func boxesAndNormalImagesAreThoseOfTheFile() throws {
        let source = TableSource(root: try TemporaryFolder())
        let dataset = try source.outcome(source.make(["stage_2_train_labels.csv": header + labels], images: images), RSNAFormat()).dataset
        #expect(dataset.findingClasses == [FindingClass(id: 1, name: "Lung Opacity")])
        #expect(dataset.images.map(\.fileName) == ["a.png", "b.png", "c.png"])
        #expect(dataset.images.map(\.patient) == ["a", "b", "c"])
        #expect(dataset.images.map { $0.boxes.count } == [0, 2, 0])
        #expect(dataset.images[1].boxes[0] == Annotation(classID: 1, box: Box(x: 4, y: 5, width: 20, height: 30.5)))
        #expect(dataset.images.map(\.isNormal) == [true, false, true] && dataset.images.allSatisfy { $0.labels == nil })
    }

    @Test func anImageThatIsNotNormalStaysSo() throws {
        let source = TableSource(root: try TemporaryFolder())
        let kinds = "patientId,class\na,No Lung Opacity / Not Normal\nb,Lung Opacity\nb,Lung Opacity\nc,Normal\n"
        let folder = try source.make(
            ["stage_2_train_labels.csv": header + labels, "stage_2_detailed_class_info.csv": kinds], images: images)
        for url in [folder, folder.appendingPathComponent("stage_2_train_labels.csv")] {
            var importer = DatasetImporter()
            importer.copiesImages = true
            let source = try AnnotationSource(url)
            let format = try AnnotationFormats.recognised(source)
            let root = try TemporaryFolder()
            let dataset = try importer.importDataset(source, format: format, to: root.file("dataset")).dataset
            #expect(dataset.images.map(\.labels) == [["No Lung Opacity / Not Normal"], ["Lung Opacity"], []])
            #expect(dataset.images.map(\.isNormal) == [false, false, true])
            let back = try roundTrip(dataset, RSNAFormat(), in: root)
            expectSame(dataset, back, carrying: RSNAFormat().contents.union([.imageLabels, .findings]))
        }
    }

    @Test func contradictionsAreTold() throws {
        let source = TableSource(root: try TemporaryFolder())
        let rows =
            "a,,,,,0\na,1,2,3,4,1\nb,1,2,3,4,1\nb,,,,,0\nc,1,2,3,4,0\nc,,,,,1\nc,,,,,\nc,,,,,2\nc,,,,,yes\nc,,,,,0\nc,,,,,0\nd,,,,,0\n"
        let kinds = "patientId,class\na,Lung Opacity\nb,Normal\nc,normal\ne,Normal\n,Normal\nd,Normal\nd,No Lung Opacity / Not Normal\n"
        let problems = try source.problems(
            ["labels.csv": header + rows, "kinds.csv": kinds], RSNAFormat(), images: images)
        let (target, another) = ("the Target is neither 0 nor 1", "another Target than in a row above of this image")
        #expect(
            problems == [
                "labels.csv, row 3: \(another)", "labels.csv, row 5: \(another)", "labels.csv, row 6: Target 0 with a box",
                "labels.csv, row 7: Target 1 without a box", "labels.csv, row 8: \(target)", "labels.csv, row 9: \(target)",
                "labels.csv, row 10: \(target)", "kinds.csv, row 2: another class than the Target says",
                "kinds.csv, row 3: another class than the Target says", "kinds.csv, row 4: the class is none of the three",
                "kinds.csv, row 5: an image of which no row above tells a Target",
                "kinds.csv, row 6: an image of which no row above tells a Target",
                "kinds.csv, row 8: another class than in a row above of this image",
            ])
    }

    @Test func everyFindingBecomesTargetOneAndNamesOfTheSameStemStayApart() throws {
        let root = try TemporaryFolder()
        var dataset = try RandomDataset([.findings, .emptyImages]).make(seed: 3, in: root.file("set"))
        for (index, name) in ["x.png", "ward/x.png", "y.png"].enumerated() {
            let url = dataset.directory.appendingPathComponent("images/\(name)")
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: dataset.url(of: dataset.images[index]), to: url)
            dataset.images[index].fileName = name
        }
        #expect(DatasetExporter(RSNAFormat()).lost(of: dataset).contains("more than one finding"))
        let target = root.file("export")
        try DatasetExporter(RSNAFormat()).write(dataset, to: target)
        let lines = try String(contentsOf: target.appendingPathComponent("stage_2_train_labels.csv"), encoding: .utf8).split(
            separator: "\n")
        #expect(lines.count == 1 + dataset.boxCount + dataset.images.filter(\.boxes.isEmpty).count)
        #expect(lines[0] == "patientId,x,y,width,height,Target" && lines[1].hasPrefix("x.png,"))
        #expect(lines.contains { $0.hasPrefix("ward/x.png,") } && lines.contains { $0.hasPrefix("y,") })
        #expect(lines.filter { $0.hasSuffix(",1") }.count == dataset.boxCount)
        let back = try DatasetImporter().importDataset(AnnotationSource(target), format: RSNAFormat(), to: root.file("back")).dataset
        expectSame(dataset, back, carrying: RSNAFormat().contents)
    }
}
