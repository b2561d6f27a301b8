import Datasets
import Findings
import Foundation
import Geometry
import Testing

@Suite struct BoxProposalsTests {
    private let classes = [FindingClass(id: 3, name: "a"), FindingClass(id: 7, name: "b")]

    private func image(_ id: Int, labels: [String]?, boxes: [Annotation] = []) -> DatasetImage {
        DatasetImage(id: id, fileName: "\(id).png", width: 100, height: 100, patient: "p\(id)", labels: labels, boxes: boxes)
    }

    private func detection(_ x: Double, _ column: Int, _ score: Double) -> Detection {
        Detection(box: Box(x: x, y: 0, width: 10, height: 10), classIndex: column, score: score)
    }

    /// Only findings that are said of the image and have no box get one: the detector's best of that finding.
    @Test func onlyLabelledFindingsWithoutABoxGetOne() {
        let drawn = Annotation(classID: 3, box: Box(x: 50, y: 50, width: 10, height: 10))
        let dataset = Dataset(
            directory: URL(fileURLWithPath: "/nowhere"), findingClasses: classes,
            images: [
                image(1, labels: ["a", "b", "of another set"], boxes: [drawn]), image(2, labels: nil), image(3, labels: []),
                image(4, labels: ["b"]),
            ], folds: [:])
        let found = [detection(0, 0, 0.9), detection(20, 1, 0.3), detection(40, 1, 0.8)]
        let (result, counts) = BoxProposals(refusedShare: 0, reader: "model m")(dataset, detections: [1: found, 2: found, 3: found])
        #expect(counts == [0, 1])
        let proposed = Annotation(classID: 7, box: Box(x: 40, y: 0, width: 10, height: 10), reader: "model m", agreement: 0.7)
        #expect(result.images.map(\.boxes) == [[drawn, proposed], [], [], []], "the fourth was not looked at")
    }

    /// What is less sure counts less, and the least sure not at all.
    @Test func sureProposalsCountMost() {
        let dataset = Dataset(
            directory: URL(fileURLWithPath: "/nowhere"), findingClasses: classes, images: (1...20).map { image($0, labels: ["a"]) },
            folds: [:])
        let detections = Dictionary(uniqueKeysWithValues: (1...20).map { ($0, [detection(0, 0, Double($0) / 20)]) })
        let (result, counts) = BoxProposals(weight: 0.5, refusedShare: 0.25, reader: "m")(dataset, detections: detections)
        #expect(counts == [15, 0])
        let agreements = result.images.map { $0.boxes.first?.agreement }
        #expect(agreements.prefix(5).allSatisfy { $0 == nil })
        // The surest tenth ends at 0.9: the third of twenty.
        #expect(agreements[17] == 0.5 && agreements[19] == 0.5 && agreements[8] == (0.45 / 0.9 * 500).rounded() / 1000)
    }
}
