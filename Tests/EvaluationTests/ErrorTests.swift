import Evaluation
import Findings
import Foundation
import Geometry
import Testing

@Suite struct ErrorBreakdownTests {
    private struct Case: Decodable {
        var images: Int
        var classes: Int
        var truth: [[Double]]
        var detections: [[Double]]
        var ap50: Double
        var counts: [String: Int]
        var gains: [String: Double]
    }

    /// Against the authors' own program (Tests/Oracles/tide_golden.py).
    @Test func equalsTheAuthorsProgram() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/tide", withExtension: "json"))
        let names: [ErrorBreakdown.Kind: String] = [
            .classification: "Cls", .localisation: "Loc", .both: "Both", .duplicate: "Dupe", .background: "Bkg", .missed: "Miss",
        ]
        for (number, golden) in try JSONDecoder().decode([Case].self, from: Data(contentsOf: url)).enumerated() {
            var images = (0..<golden.images).map { EvaluatedImage(id: "\($0)", patient: "", width: 600, height: 600) }
            for row in golden.truth {
                let box = Box(x: row[2], y: row[3], width: row[4], height: row[5])
                images[Int(row[0])].truth.append(TruthBox(box: box, classIndex: Int(row[1])))
            }
            for row in golden.detections {
                let box = Box(x: row[2], y: row[3], width: row[4], height: row[5])
                images[Int(row[0])].detections.append(Detection(box: box, classIndex: Int(row[1]), score: row[6]))
            }
            let evaluation = DetectionEvaluation(images: images, classCount: golden.classes)
            let breakdown = evaluation.errorBreakdown()
            #expect(abs((breakdown.averagePrecision.value ?? -1) * 100 - golden.ap50) < 1e-9, "case \(number)")
            #expect(abs((evaluation.coco.averagePrecision50.value ?? -1) * 100 - golden.ap50) < 1e-9, "case \(number)")
            for (kind, name) in names {
                let share = try #require(breakdown.kinds[kind])
                #expect(share.count == golden.counts[name], "case \(number), \(name)")
                #expect(abs(share.gain * 100 - (golden.gains[name] ?? -1)) < 1e-9, "case \(number), \(name)")
            }
            #expect(abs(breakdown.falsePositiveGain * 100 - (golden.gains["FalsePos"] ?? -1)) < 1e-9, "case \(number)")
            #expect(abs(breakdown.falseNegativeGain * 100 - (golden.gains["FalseNeg"] ?? -1)) < 1e-9, "case \(number)")
        }
    }

    @Test func nothingToScoreHasNoErrors() {
        let breakdown = DetectionEvaluation(images: [], classCount: 2).errorBreakdown()
        #expect(breakdown.averagePrecision.value == nil)
        #expect(breakdown.kinds.values.allSatisfy { $0.count == 0 && $0.gain == 0 })
    }
}

@Suite struct ConfusionMatrixTests {
    private let place = Box(x: 0, y: 0, width: 10, height: 10)
    private let other = Box(x: 50, y: 50, width: 10, height: 10)

    @Test func theRightPlaceUnderTheWrongNameIsCounted() {
        let images = [
            // Found, and called by another name as well: the second has no box left.
            EvaluatedImage(
                id: "a", patient: "p", width: 99, height: 99, truth: [TruthBox(box: place, classIndex: 0)],
                detections: [Detection(box: place, classIndex: 1, score: 0.9), Detection(box: place, classIndex: 0, score: 0.6)]),
            // Only the wrong name; a missed box of the same class elsewhere; one of too low a score.
            EvaluatedImage(
                id: "b", patient: "p", width: 99, height: 99,
                truth: [TruthBox(box: place, classIndex: 0), TruthBox(box: other, classIndex: 0)],
                detections: [Detection(box: place, classIndex: 2, score: 0.9), Detection(box: other, classIndex: 0, score: 0.1)]),
            // A second reader's name for one place: both found. A detection on a crowd is neither.
            EvaluatedImage(
                id: "c", patient: "p", width: 99, height: 99,
                truth: [
                    TruthBox(box: place, classIndex: 0), TruthBox(box: place, classIndex: 1),
                    TruthBox(box: other, classIndex: 2, isCrowd: true),
                ],
                detections: [
                    Detection(box: place, classIndex: 1, score: 0.9), Detection(box: place, classIndex: 0, score: 0.8),
                    Detection(box: other, classIndex: 2, score: 0.7),
                ]),
        ]
        let evaluation = DetectionEvaluation(images: images, classCount: 3)
        func rows(_ matrix: ConfusionMatrix) -> [[Int]] { (0...3).map { truth in (0...3).map { matrix[truth: truth, detected: $0] } } }
        #expect(
            rows(evaluation.confusion(score: 0.5)) == [
                [2, 0, 1, 1],
                [0, 1, 0, 0],
                [0, 0, 0, 0],
                [0, 1, 0, 0],
            ])
        #expect(
            rows(evaluation.confusion(score: 0.5, weights: [0, 3, 0])) == [[0, 0, 3, 3], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
        #expect(evaluation.confusion(score: 0.5)[truth: 4, detected: -1] == 0)
    }

    /// Rows sum to the truth, columns to the detections, and the diagonal is what the classes' own matching finds.
    @Test(arguments: UInt64(0)..<15) func everyBoxIsCountedOnce(seed: UInt64) {
        let images = RandomImages.make(seed: seed, count: 12, classCount: 3, crowds: false)
        let matrix = DetectionEvaluation(images: images, classCount: 3).confusion(score: 0.3)
        for index in 0..<3 {
            #expect(
                (0...3).reduce(0) { $0 + matrix[truth: index, detected: $1] }
                    == images.reduce(0) { $0 + $1.truth.count { $0.classIndex == index } })
            #expect(
                (0...3).reduce(0) { $0 + matrix[truth: $1, detected: index] }
                    == images.reduce(0) { $0 + $1.detections.count { $0.classIndex == index && $0.score >= 0.3 } })
        }
        #expect(matrix[truth: 3, detected: 3] == 0)
    }
}
