import Datasets
import Findings
import Foundation
import Geometry
import Outputs
import PleuraTesting
import Reports
import Testing

/// JSON, CSV, COCO results and the table are the golden files, byte for byte: other programs read them.
@Suite struct TextReportTests {
    @Test func theJSONContract() throws {
        let document = try FindingsJSON.document(model: SampleFindings.model, images: SampleFindings.images)
        #expect(String(decoding: document, as: UTF8.self) == (try Golden.text("findings.json")))
    }

    /// A reader of JSON gets back what went in, the evil name included.
    @Test func theJSONIsReadBack() throws {
        let document = try FindingsJSON.document(model: SampleFindings.model, images: SampleFindings.images)
        let read = try #require(JSONSerialization.jsonObject(with: document) as? [String: Any])
        let images = try #require(read["images"] as? [[String: Any]])
        #expect(images.map { $0["image"] as? String } == SampleFindings.images.map(\.reference.name))
        #expect(images.map { ($0["findings"] as? [Any])?.count } == [3, 0, 0, 1])
        #expect(images[1]["frame"] == nil && images[1]["sop_instance_uid"] == nil && images[1]["error"] == nil && images[2]["width"] == nil)
    }

    @Test func aNumberThatIsNoneIsRefused() {
        let finding = Finding(
            id: "1", findingClass: SampleFindings.classes[0], score: .nan, geometry: .box(Box(x: 0, y: 0, width: 1, height: 1)))
        let image = ImageFindings(reference: ImageReference(.file("a.png")), width: 1, height: 1, findings: [finding])
        #expect(throws: ReportError.self) { _ = try FindingsJSON.document(model: SampleFindings.model, images: [image]) }
        #expect(throws: ReportError.self) { _ = try COCOResults([("a", 1)]).document([image]) }
    }

    @Test func theCSV() throws {
        #expect(String(decoding: FindingsCSV.table(SampleFindings.images), as: UTF8.self) == (try Golden.text("findings.csv")))
    }

    @Test func theTable() throws {
        let table = FindingsTable.text(SampleFindings.images)
        #expect(table == (try Golden.text("findings.txt")))
        #expect(!FindingsTable.text([ImageFindings(reference: ImageReference(.file("\u{1B}[2J\u{7}x.png")))]).contains("\u{1B}"))
    }

    @Test func theCOCOResultsAndTheImagesOfNoDataset() throws {
        let images = ["chest, one.png", "empty.jpg"].enumerated().map {
            DatasetImage(id: 40 + $0, fileName: $1, width: 1, height: 1, patient: "p")
        }
        let dataset = Dataset(directory: URL(fileURLWithPath: "/"), findingClasses: SampleFindings.classes, images: images, folds: [:])
        let (json, leftOut) = try COCOResults(dataset: dataset).document(SampleFindings.images)
        #expect(String(decoding: json, as: UTF8.self) == (try Golden.text("coco.json")))
        #expect(leftOut.map(\.path) == [SampleFindings.images[2].reference.name, SampleFindings.evil])
    }
}
