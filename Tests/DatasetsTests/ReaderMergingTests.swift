import Datasets
import Findings
import Foundation
import Geometry
import PleuraTesting
import Testing

@Suite struct ReaderMergingTests {
    private func dataset(_ image: DatasetImage) -> Dataset {
        Dataset(
            directory: URL(fileURLWithPath: "/nowhere"), findingClasses: [FindingClass(id: 1, name: "a"), FindingClass(id: 2, name: "b")],
            images: [image], folds: [:])
    }

    private func annotation(_ x: Double, _ reader: String?, classID: Int = 1) -> Annotation {
        Annotation(classID: classID, box: Box(x: x, y: 10, width: 100, height: 50), reader: reader)
    }

    @Test func threeReadersBecomeOneBoxThatSaysHowManyAgree() {
        let image = DatasetImage(
            id: 1, fileName: "a.png", width: 500, height: 500, patient: "p",
            boxes: [annotation(0, "R1"), annotation(12, "R2"), annotation(300, "R3"), annotation(6, "R3"), annotation(0, "R1", classID: 2)])
        let merged = ReaderMerging()(dataset(image)).images[0].boxes
        // The mean of 0, 12 and 6, in equal parts.
        #expect(
            merged == [
                Annotation(classID: 1, box: Box(x: 6, y: 10, width: 100, height: 50), agreement: 1),
                Annotation(classID: 1, box: Box(x: 300, y: 10, width: 100, height: 50), agreement: 1.0 / 3),
                Annotation(classID: 2, box: Box(x: 0, y: 10, width: 100, height: 50), agreement: 1.0 / 3),
            ])
        #expect(ReaderMerging(minimumAgreement: 0.5)(dataset(image)).images[0].boxes.count == 1)
    }

    @Test func readersWhoSawNothingCount() {
        let image = DatasetImage(
            id: 1, fileName: "a.png", width: 500, height: 500, patient: "p", attributes: ["readers": "R1|R2|R3|R4"],
            boxes: [annotation(0, "R1"), annotation(0, "R2")])
        #expect(ReaderMerging()(dataset(image)).images[0].boxes.map(\.agreement) == [0.5])
    }

    @Test func boxesOfNobodyStayAsTheyAre() {
        let image = DatasetImage(
            id: 1, fileName: "a.png", width: 500, height: 500, patient: "p", boxes: [annotation(0, nil), annotation(5, nil)])
        #expect(ReaderMerging()(dataset(image)).images[0] == image)
    }
}
