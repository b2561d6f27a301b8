import Evaluation
import Findings
import Geometry
import Testing

@Suite struct AveragePrecisionTests {
    private let classCount = 3

    @Test(arguments: UInt64(0)..<40) func vocEqualsItsDefinition(seed: UInt64) {
        let images = RandomImages.make(seed: seed, count: 12, classCount: classCount)
        let evaluation = DetectionEvaluation(images: images, classCount: classCount)
        for iou in [0.3, 0.4, 0.5] {
            for index in 0..<classCount {
                let expected = BruteForce(images: images, classIndex: index).vocAveragePrecision(iou)
                let ours = evaluation.averagePrecision(class: index, iou: iou, rule: .voc2010)
                #expect((ours == nil) == (expected == nil))
                if let ours, let expected { #expect(abs(ours - expected) < 1e-12) }
            }
        }
        #expect(evaluation.vinBigData() == evaluation.meanAveragePrecision(iou: 0.4, rule: .voc2010))
    }

    @Test(arguments: UInt64(0)..<20) func aDrawIsTheImagesAsOftenAsDrawn(seed: UInt64) {
        let images = RandomImages.make(seed: seed, count: 15, classCount: classCount, tied: false)
        let evaluation = DetectionEvaluation(images: images, classCount: classCount)
        let draw = RandomImages.draw(seed: seed, count: images.count)
        let drawn = DetectionEvaluation(images: RandomImages.drawn(images, draw), classCount: classCount)
        for rule in [AveragePrecisionRule.coco, .voc2010] {
            // 0.33 is matched anew, the others are not.
            for iou in [0.33, 0.4, 0.5, 0.75] {
                for index in 0..<classCount {
                    let ours = evaluation.averagePrecision(class: index, iou: iou, rule: rule, weights: draw)
                    let expected = drawn.averagePrecision(class: index, iou: iou, rule: rule)
                    #expect(ours == expected || abs((ours ?? -1) - (expected ?? -1)) < 1e-12)
                }
            }
        }
        let headline = HeadlineEvaluation(evaluation).figures(weights: draw)
        #expect(abs((headline.map40.value ?? -1) - (drawn.vinBigData().value ?? -1)) < 1e-12)
        #expect(evaluation.truthCount(class: 1, weights: draw) == drawn.truthCount(class: 1))
    }

    @Test func aThresholdMatchedWhenAskedForEqualsOneMatchedBefore() {
        let images = RandomImages.make(seed: 3, count: 40, classCount: classCount)
        let evaluation = DetectionEvaluation(images: images, classCount: classCount)
        for index in 0..<classCount {
            // No overlap lies between the two, so the matches are the same.
            #expect(evaluation.averagePrecision(class: index, iou: 0.5) == evaluation.averagePrecision(class: index, iou: 0.5 - 1e-8))
        }
    }

    @Test func aClassWithoutTruthIsAbsentAndTheMeanSaysSo() {
        let box = Box(x: 10, y: 10, width: 20, height: 20)
        let images = [
            EvaluatedImage(
                id: "a", patient: "p", width: 100, height: 100,
                truth: [TruthBox(box: box, classIndex: 0), TruthBox(box: box, classIndex: 2, isCrowd: true)],
                detections: [Detection(box: box, classIndex: 0, score: 0.9), Detection(box: box, classIndex: 1, score: 0.8)])
        ]
        let evaluation = DetectionEvaluation(images: images, classCount: 3)
        #expect(evaluation.averagePrecision(class: 0, iou: 0.5).map { abs($0 - 1) < 1e-12 } == true)
        #expect(evaluation.averagePrecision(class: 1, iou: 0.5) == nil)
        #expect(evaluation.averagePrecision(class: 2, iou: 0.5, rule: .voc2010) == nil)
        #expect(evaluation.averagePrecision(class: 3, iou: 0.5) == nil)
        #expect(evaluation.averagePrecision(class: -1, iou: 0.5) == nil)
        let mean = evaluation.meanAveragePrecision(iou: 0.5)
        #expect((mean.classes, mean.classCount) == (1, 3))
        #expect(abs((mean.value ?? 0) - 1) < 1e-12)
        // A draw without the image has no truth at all.
        let none = evaluation.meanAveragePrecision(iou: 0.5, weights: [0])
        #expect(none.value == nil && none.classes == 0)
        #expect(DetectionEvaluation(images: [], classCount: 2).coco.values.allSatisfy { $0 == nil })
    }

    @Test func whatCannotBeScoredIsCountedAndLeftOut() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        var image = EvaluatedImage(id: "a", patient: "p", width: 50, height: 50, truth: [TruthBox(box: box, classIndex: 0)])
        image.detections = [Detection(box: box, classIndex: 0, score: 0.5)]
        let alone = DetectionEvaluation(images: [image], classCount: 1)
        image.detections += [
            Detection(box: box, classIndex: 0, score: .nan), Detection(box: box, classIndex: 0, score: .infinity),
            Detection(box: Box(x: .nan, y: 0, width: 1, height: 1), classIndex: 0, score: 0.9),
            Detection(box: Box(x: 0, y: 0, width: .infinity, height: 1), classIndex: 0, score: 0.9),
            Detection(box: box, classIndex: 1, score: 0.9), Detection(box: box, classIndex: -1, score: 0.9),
            Detection(box: box, classIndex: .max, score: 0.9),
        ]
        image.truth.append(TruthBox(box: Box(x: 0, y: 0, width: .nan, height: 1), classIndex: 0))
        let evaluation = DetectionEvaluation(images: [image], classCount: 1)
        #expect(evaluation.leftOut == 8)
        #expect(evaluation.coco == alone.coco)
    }

    @Test func weightsOfAnyKindAreTaken() {
        let images = RandomImages.make(seed: 9, count: 6, classCount: 2)
        let evaluation = DetectionEvaluation(images: images, classCount: 2)
        #expect(evaluation.coco(weights: Array(repeating: 1, count: 6)) == evaluation.coco)
        #expect(evaluation.coco(weights: [1, 1]) == evaluation.coco(weights: [1, 1, 0, -4, 0, 0, 3, 3]))
        #expect(evaluation.coco(weights: Array(repeating: .max, count: 6)).averagePrecision.classes == 2)
    }
}
