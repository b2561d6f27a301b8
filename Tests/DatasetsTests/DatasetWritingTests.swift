import Datasets
import Findings
import Foundation
import Geometry
import PleuraTesting
import Testing

@Suite struct DatasetWritingTests {
    /// Boxes are encoded in pieces: none may be lost or doubled at the seams.
    @Test(arguments: [0, 1, 2_047, 2_048, 2_049, 5_000])
    func anyNumberOfBoxesComesBackInOrder(count: Int) throws {
        let root = try TemporaryFolder()
        var image = DatasetImage(id: 1, fileName: "a/ñ \"b\".png", width: 64, height: 48, patient: "p")
        image.boxes = (0..<count).map {
            Annotation(classID: 1, box: Box(x: Double($0) / 3, y: 0.1, width: 1, height: 2e-5), reader: $0 % 3 == 0 ? "R/\($0)" : nil)
        }
        let other = DatasetImage(id: 2, fileName: "b.png", width: 1, height: 1, patient: "q", boxes: Array(image.boxes.prefix(3)))
        let dataset = Dataset(
            directory: root.file("set"), findingClasses: [FindingClass(id: 1, name: "Nodule/Mass")], images: [image, other], folds: [:])
        try dataset.write(to: dataset.directory)
        #expect(try Dataset.read(directory: dataset.directory) == dataset)
        let bytes = try Data(contentsOf: dataset.directory.appendingPathComponent("annotations.json"))
        let object = try JSONSerialization.jsonObject(with: bytes) as? [String: [[String: Any]]]
        #expect(object?.mapValues(\.count) == ["annotations": count + min(3, count), "categories": 1, "images": 2])
        #expect(object?["annotations"]?.compactMap { $0["id"] as? Int } == (0..<count + min(3, count)).map { $0 + 1 })
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix("{\"annotations\":[") && text.hasSuffix("\"width\":1}]}") && !text.contains("\\/") && !text.contains(",,"))
        #expect(try Files.names(in: dataset.directory).count == 4)
    }

    @Test func placesWithoutAFindingComeBack() throws {
        let folder = try TemporaryFolder()
        let place = Annotation(classID: 1, box: Box(x: 1, y: 2, width: 3, height: 4), reader: "a")
        let image = DatasetImage(id: 1, fileName: "1.png", width: 10, height: 10, patient: "p", absent: [place])
        var dataset = Dataset(
            directory: folder.url, findingClasses: [FindingClass(id: 1, name: "Mass")], images: [image], folds: ["p": 0],
            sources: [DataSource(name: "s", boxed: ["Mass"], complete: [])])
        dataset = try dataset.write(to: folder.url)
        let read = try Dataset.read(directory: folder.url)
        #expect(read.images.first?.absent == [place])
        var without = dataset
        without.images[0].absent = []
        #expect(read.canonicalBytes == dataset.canonicalBytes && read.canonicalBytes != without.canonicalBytes)
    }
}
