import Evaluation
import Findings
import Geometry
import Testing

@Suite struct RSNAPrecisionTests {
    /// On each image at each of 0.40, 0.45, … 0.75: by falling score, the free box of largest overlap.
    private func bruteForce(_ images: [EvaluatedImage], classes: [Int], _ least: Double) -> [Double?] {
        images.map { image in
            var sum = 0.0
            for step in 0..<8 {
                let iou = 0.4 + 0.05 * Double(step)
                var (found, wrong, missed) = (0, 0, 0)
                for index in classes {
                    var free = image.truth.filter { $0.classIndex == index }.map(\.box)
                    let said = image.detections.filter { $0.classIndex == index && $0.score >= least }
                    for detection in said.enumerated().sorted(by: { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }) {
                        let best = free.indices.max {
                            detection.element.box.intersectionOverUnion(free[$0]) < detection.element.box.intersectionOverUnion(free[$1])
                        }
                        if let best, detection.element.box.intersectionOverUnion(free[best]) >= iou - 1e-12 {
                            free.remove(at: best)
                            found += 1
                        } else {
                            wrong += 1
                        }
                    }
                    missed += free.count
                }
                guard found + wrong + missed > 0 else { return nil }
                sum += Double(found) / Double(found + wrong + missed)
            }
            return sum / 8
        }
    }

    @Test(arguments: UInt64(0)..<25) func equalsItsDefinition(seed: UInt64) {
        let images = RandomImages.make(seed: seed, count: 20, classCount: 3, crowds: false, tied: seed % 2 == 0)
        let evaluation = DetectionEvaluation(images: images, classCount: 3)
        for least in [0, 0.5, 0.9] {
            for classes in [[0], [2], [0, 1, 2]] {
                let ours = evaluation.rsnaPrecision(class: classes.count == 1 ? classes[0] : nil, score: least)
                let expected = bruteForce(images, classes: classes, least)
                #expect(ours.images.map { $0 == nil } == expected.map { $0 == nil })
                #expect(zip(ours.images, expected).allSatisfy { abs(($0 ?? 0) - ($1 ?? 0)) < 1e-12 })
                let draw = RandomImages.draw(seed: seed, count: 20)
                let drawn = zip(expected, draw).flatMap { Array(repeating: $0, count: $1) }.compactMap { $0 }
                let mean = drawn.isEmpty ? nil : drawn.reduce(0, +) / Double(drawn.count)
                #expect(abs((ours.value(weights: draw) ?? -1) - (mean ?? -1)) < 1e-12)
            }
        }
    }

    /// Truth found, truth missed, nothing and nothing said, nothing but something said; a class that is not there.
    @Test func byHand() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        // IoU 0.6: a hit at 0.40 to 0.60, five of eight.
        let near = Box(x: 0, y: 0, width: 10, height: 6)
        func image(_ truth: [Box], _ said: [Box]) -> EvaluatedImage {
            EvaluatedImage(
                id: "", patient: "", width: 20, height: 20, truth: truth.map { TruthBox(box: $0, classIndex: 0) },
                detections: said.map { Detection(box: $0, classIndex: 0, score: 0.5) })
        }
        let images = [image([box], [near]), image([box], []), image([], []), image([], [box])]
        let evaluation = DetectionEvaluation(images: images, classCount: 1)
        #expect(evaluation.rsnaPrecision(score: 0.5).images == [0.625, 0, nil, 0])
        #expect(evaluation.rsnaPrecision(score: 0.5).value() == 0.625 / 3)
        #expect(evaluation.rsnaPrecision(score: 0.6).images == [0, 0, nil, nil])
        #expect(evaluation.rsnaPrecision(class: 4, score: 0).value() == nil)
    }
}
