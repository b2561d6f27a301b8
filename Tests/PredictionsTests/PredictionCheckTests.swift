import Evaluation
import Findings
import Geometry
import Predictions
import Testing

@Suite struct PredictionCheckTests {
    private let classes = [FindingClass(id: 3, name: "Mass"), FindingClass(id: 7, name: "Nodule")]
    private let images = ["a", "b"].map {
        EvaluatedImage(
            id: $0, patient: $0, width: 100, height: 80, truth: [TruthBox(box: Box(x: 1, y: 1, width: 20, height: 20), classIndex: 0)])
    }
    private let box = Box(x: 10, y: 10, width: 20, height: 20)

    private func row(
        _ number: Int, _ image: String = "a", _ category: PredictedBox.Category = .id(3), _ box: Box? = nil, score: Double = 0.5
    ) -> PredictedBox {
        PredictedBox(place: "row \(number)", image: image, category: category, box: box ?? self.box, score: score)
    }

    @Test func eachFaultHasItsWord() throws {
        let checked = try PredictionCheck(images: images, findingClasses: classes).check([
            row(1), row(2, "b.png", .name("NODULE")), row(3, "folder/a.dcm", .index(1)),
            row(4, "c"), row(5, "a", .id(4)), row(6, "a", .index(2)), row(7, "a", .name("mass-like")),
            row(8, score: .nan), row(9, score: -.infinity),
            row(10, "a", .id(3), Box(x: .nan, y: 0, width: 1, height: 1)),
            row(11, "a", .id(3), Box(x: 0, y: 0, width: -4, height: 5)),
            row(12, "a", .id(3), Box(x: 0, y: 0, width: 4, height: 0)),
            row(13, "a", .id(3), Box(x: 200, y: 10, width: 4, height: 4)),
            row(14, "a", .id(3), Box(x: 90, y: 10, width: 40, height: 4)),
        ])
        #expect(
            Array(checked.problems) == [
                "row 4: there is no such image; left out",
                "row 5: there is no such class in the label map; left out",
                "row 6: there is no such class in the label map; left out",
                "row 7: there is no such class in the label map; left out",
                "row 8: the score is not a finite number; left out",
                "row 9: the score is not a finite number; left out",
                "row 10: the box is not of finite numbers; left out",
                "row 11: the box has a negative size; left out",
                "row 12: the box has no size; left out",
                "row 13: the box lies outside its image; it counts as false",
                "1 of the boxes reach beyond their image and are scored as they are",
                "no box of Nodule is drawn on these images: its figures are absent, not zero",
            ])
        #expect((checked.used, checked.leftOut) == (5, 9))
        #expect(checked.images.map { $0.detections.map(\.classIndex) } == [[0, 1, 0, 0], [1]])
        #expect(DetectionEvaluation(images: checked.images, classCount: 2).leftOut == 0)
    }

    @Test func noPredictionsAreMissesNotAFault() throws {
        let checked = try PredictionCheck(images: images, findingClasses: classes).check([])
        #expect(checked.problems.first == "there are no predictions: every box counts as missed")
        #expect(DetectionEvaluation(images: checked.images, classCount: 2).coco.averagePrecision50.value == 0)
    }

    @Test func sharesOfTheImageAreTold() throws {
        let checked = try PredictionCheck(images: images, findingClasses: classes).check([
            row(1, "a", .id(3), Box(x: 0.1, y: 0.2, width: 0.3, height: 0.3)),
            row(2, "b", .id(3), Box(x: 0.5, y: 0.5, width: 0.5, height: 0.5)),
        ])
        #expect(checked.problems.first?.contains("shares of the image") == true)
    }

    @Test func whatDoesNotBelongTogetherIsRefused() throws {
        let check = try PredictionCheck(images: images, findingClasses: classes)
        #expect(throws: EvaluationError(.mismatch, "none of the 2 predictions is about one of the 2 images")) {
            try check.check([row(1, "x"), row(2, "y")])
        }
        #expect(
            throws: EvaluationError(
                .malformed, "none of the 1 predictions can be scored: row 1: the score is not a finite number; left out")
        ) {
            try check.check([row(1, score: .nan)])
        }
        #expect(throws: EvaluationError.self) { try PredictionCheck(images: [], findingClasses: classes) }
        #expect(throws: EvaluationError.self) { try PredictionCheck(images: images, findingClasses: []) }
        #expect(throws: EvaluationError(.malformed, "1 of the images have the name of another: results cannot be told apart")) {
            try PredictionCheck(images: images + [images[0]], findingClasses: classes)
        }
    }

    @Test func aMillionBadRowsKeepAThousandLines() throws {
        let rows = (0..<100_000).lazy.map { row($0, $0 == 0 ? "a" : "nowhere") }
        let checked = try PredictionCheck(images: images, findingClasses: classes).check(rows)
        #expect(checked.leftOut == 99_999)
        #expect(checked.problems.count == 1_001)
    }
}
