import Datasets
import Evaluation
import Findings
import Geometry
import Testing

/// What an image of a dataset becomes.
@Suite struct EvaluatedImageTests {
    @Test func boxesGetThePositionOfTheirClass() {
        let classes = [FindingClass(id: 4, name: "Nodule"), FindingClass(id: 2, name: "Mass")]
        let image = DatasetImage(
            id: 7, fileName: "a.b.png", width: 100, height: 80, patient: "p",
            boxes: [
                Annotation(classID: 2, box: Box(x: 1, y: 2, width: 3, height: 4)),
                Annotation(classID: 9, box: Box(x: 1, y: 2, width: 3, height: 4)),
                Annotation(classID: 4, box: Box(x: 5, y: 6, width: 7, height: 8)),
            ])
        let evaluated = EvaluatedImage(image, findingClasses: classes)
        #expect(evaluated.id == "a.b")
        #expect((evaluated.patient, evaluated.width, evaluated.height) == ("p", 100, 80))
        #expect(evaluated.truth.map(\.classIndex) == [1, 0])
        #expect(evaluated.truth.map(\.area) == [12, 56])
        #expect(evaluated.detections.isEmpty)
    }
}
