import Datasets
import Evaluation
import Findings
import Geometry
import Testing

@Suite struct ImageLevelTests {
    private let classes = [FindingClass(id: 3, name: "Mass"), FindingClass(id: 7, name: "Nodule")]
    private let box = Box(x: 1, y: 1, width: 5, height: 5)

    @Test func truthIsWhatBoxesAndLabelsSay() {
        func truth(_ labels: [String]?, _ boxes: [Int], complete: Bool = true) -> ImageTruth {
            ImageTruth(
                DatasetImage(
                    id: 1, fileName: "a.png", width: 10, height: 10, patient: "p", labels: labels,
                    boxes: boxes.map { Annotation(classID: $0, box: box) }), findingClasses: classes, boxesAreComplete: complete)
        }
        #expect(truth(["Nodule"], [3]) == ImageTruth(findings: [true, true], isAbnormal: true))
        #expect(truth([], []) == ImageTruth(findings: [false, false], isAbnormal: false))
        // A finding that the label map does not have is an abnormality all the same.
        #expect(truth(["Fibrosis"], []) == ImageTruth(findings: [false, false], isAbnormal: true))
        #expect(truth(nil, [7]) == ImageTruth(findings: [false, true], isAbnormal: true))
        #expect(truth(nil, []) == ImageTruth(findings: [false, false], isAbnormal: false))
        #expect(truth(nil, [7], complete: false) == ImageTruth(findings: [nil, true], isAbnormal: true))
        #expect(truth(nil, [], complete: false) == ImageTruth(findings: [nil, nil], isAbnormal: nil))
        #expect(truth([], [], complete: false) == ImageTruth(findings: [false, false], isAbnormal: false))
    }

    private func image(_ number: Int, _ detections: [(Int, Double)]) -> EvaluatedImage {
        EvaluatedImage(
            id: "\(number)", patient: "\(number / 2)", width: 10, height: 10,
            detections: detections.map { Detection(box: box, classIndex: $0.0, score: $0.1) })
    }

    @Test func imagesAreRankedByTheirHighestBox() throws {
        let images = [
            image(0, [(0, 0.3), (0, 0.9), (1, 0.2)]), image(1, [(0, 0.5), (0, 0.6)]), image(2, []),
            image(3, [(1, 0.7), (0, .nan), (5, 1)]),
        ]
        let truths = [
            ImageTruth(findings: [true, false], isAbnormal: true), ImageTruth(findings: [false, nil], isAbnormal: false),
            ImageTruth(findings: [false, false], isAbnormal: false), ImageTruth(findings: [false, true], isAbnormal: true),
        ]
        let evaluation = try ImageLevelEvaluation(images: images, truths: truths, classCount: 2)
        let figures = evaluation.figures(bootstrap: PatientBootstrap(patients: images.map(\.patient), draws: 100))
        // Mass 0.9 against 0.6, none and none; Nodule 0.7 against 0.2 and none.
        #expect(figures.findings.map(\.positives) == [1, 1] && figures.findings.map(\.negatives) == [3, 2])
        #expect(figures.findings.map { $0.auroc?.value } == [1, 1])
        #expect(figures.any.auroc?.value == 1 && figures.any.positives == 2 && figures.any.negatives == 2)
        // Scores of the whole image come before its boxes; an image without them has its boxes.
        let given = try ImageLevelEvaluation(
            images: images, truths: truths, classCount: 2, imageScores: [[0.1, 0.8], nil, [0.2, 0.1], nil])
        // Mass 0.1 against 0.6, 0.2 and none (0); Nodule 0.7 against 0.8 and 0.1; any 0.8 and 0.7 against 0.6 and 0.2.
        #expect(isClose(given.findings[0].areaUnderROC(), 1.0 / 3) && given.findings[1].areaUnderROC() == 0.5)
        #expect(given.any.areaUnderROC() == 1)
        #expect(
            try evaluation.calibrationSample(class: 1)
                == CalibrationSample(scores: [0.2, 0, 0.7], outcomes: [false, false, true], images: [0, 2, 3]))
        #expect(throws: EvaluationError.self) { try evaluation.calibrationSample(class: 2) }
    }

    /// Two findings that are as likely as not make an abnormality likelier than one that is a little likelier than not.
    @Test func scoresOfWholeImagesAddUpToAnAbnormality() throws {
        let images = [image(0, []), image(1, [])]
        let truths = [true, false].map { ImageTruth(findings: [$0, false], isAbnormal: $0) }
        let evaluation = try ImageLevelEvaluation(images: images, truths: truths, classCount: 2, imageScores: [[0.5, 0.5], [0.6, 0]])
        #expect(evaluation.any.areaUnderROC() == 1)
    }

    /// Other tools' scores may be below zero: an image with no box still comes last.
    @Test func imageWithoutBoxesComesLast() throws {
        let images = [image(0, [(0, -3)]), image(1, []), image(2, [(0, -5)])]
        let truths = [true, false, true].map { ImageTruth(findings: [$0], isAbnormal: $0) }
        #expect(try ImageLevelEvaluation(images: images, truths: truths, classCount: 1).findings[0].areaUnderROC() == 1)
    }

    @Test func whatDoesNotBelongTogetherIsRefused() {
        let truth = ImageTruth(findings: [true, false], isAbnormal: true)
        let one = [image(0, [])]
        #expect(throws: EvaluationError.self) { try ImageLevelEvaluation(images: one, truths: [], classCount: 2) }
        #expect(throws: EvaluationError.self) { try ImageLevelEvaluation(images: one, truths: [truth], classCount: 3) }
        #expect(throws: EvaluationError.self) {
            try ImageLevelEvaluation(images: one, truths: [truth], classCount: 2, imageScores: [[1]])
        }
        #expect(throws: EvaluationError.self) {
            try ImageLevelEvaluation(images: one, truths: [truth], classCount: 2, imageScores: [[1, .nan]])
        }
    }
}
