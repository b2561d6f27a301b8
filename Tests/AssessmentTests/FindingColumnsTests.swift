import Assessment
import Findings
import Geometry
import Testing

@Suite struct FindingColumnsTests {
    private let columns = FindingColumns([FindingClass(id: 4, name: "Mass"), FindingClass(id: 2, name: "Nodule")])

    @Test func findingsAreMatchedByNameWhateverTheirCase() {
        func finding(_ name: String) -> Finding {
            Finding(
                id: "1", findingClass: FindingClass(id: 9, name: name), score: 0.5,
                geometry: .box(Box(x: 1, y: 2, width: 3, height: 4)))
        }
        let detections = columns.detections([finding("nodule"), finding("Effusion"), finding("Mass")])
        #expect(detections.map(\.classIndex) == [1, 0])
        #expect(detections.first?.box == Box(x: 1, y: 2, width: 3, height: 4) && detections.first?.score == 0.5)
        #expect(columns["MASS"] == 0 && columns["Hernia"] == nil)
    }

    @Test func aRowOfScoresHasOneOfEachFindingOrIsNone() {
        #expect(columns.row(["nodule": 0.2, "Mass": 0.1, "Other": 0.9]) == [0.1, 0.2])
        #expect(columns.row(["Mass": 0.1]) == nil && columns.row(nil) == nil)
    }
}
