import Evaluation
import Findings
import Geometry
import Testing

/// T(IoU), T(IoBB), FROC and ChestX-Det10's recall against their definitions.
@Suite struct LocalisationTests {
    private let classCount = 2

    @Test(arguments: UInt64(0)..<15) func frocEqualsItsDefinition(seed: UInt64) {
        let images = RandomImages.make(seed: seed, count: 14, classCount: classCount)
        let froc = DetectionEvaluation(images: images, classCount: classCount).froc(iou: 0.5)
        for index in 0..<classCount {
            let brute = BruteForce(images: images, classIndex: index)
            let expected = FROC.luna16Rates.map { rate in
                brute.sensitivity(rate) { chosen in brute.counts(chosen) { brute.overlap($0, $1) >= 0.5 } }
            }
            #expect(froc.sensitivities(class: index) == expected)
            let mean = expected.compactMap { $0 }.reduce(0, +) / 7
            #expect(abs((froc.score(class: index) ?? -1) - mean) < 1e-12)
        }
    }

    @Test(arguments: UInt64(20)..<35) func chestXDet10EqualsItsDefinition(seed: UInt64) {
        let images = RandomImages.make(seed: seed, count: 30, classCount: classCount)
        let recall = DetectionEvaluation(images: images, classCount: classCount).chestXDet10()
        for index in 0..<classCount {
            let brute = BruteForce(images: images, classIndex: index)
            #expect(
                recall.sensitivities(class: index)
                    == [0.05, 0.1, 0.2].map { rate in brute.sensitivity(rate) { brute.onceOnlyCounts($0, 0.5) } })
        }
    }

    @Test(arguments: UInt64(40)..<50, [OverlapMeasure.intersectionOverUnion, .intersectionOverDetected])
    func localisationEqualsItsDefinition(seed: UInt64, measure: OverlapMeasure) throws {
        let images = RandomImages.make(seed: seed, count: 12, classCount: classCount)
        let evaluation = DetectionEvaluation(images: images, classCount: classCount)
        let byRate = evaluation.localisation(measure, rule: .falseBoxesPerImage(0.5))
        let byScore = evaluation.localisation(measure, rule: .score(0.4))
        let byRank = evaluation.localisation(measure, rule: .highestPerImage(1))
        for (place, threshold) in Localisation.overlapThresholds.enumerated() {
            for index in 0..<classCount {
                let brute = BruteForce(images: images, classIndex: index)
                func counts(_ chosen: [BruteForce.Row]) -> (found: Int, wrong: Int) {
                    brute.counts(chosen) { detection, truth in
                        let share =
                            measure == .intersectionOverUnion
                            ? brute.overlap(detection, truth) : brute.overDetected(detection, truth)
                        return share > threshold
                    }
                }
                let rate = try #require(byRate.point(threshold: place, class: index))
                #expect(rate.sensitivity == brute.sensitivity(0.5, counts: counts))
                // The threshold it names gives what it says.
                if let least = rate.scoreThreshold {
                    let there = counts(brute.rows.filter { $0.detection.score >= least })
                    #expect((rate.found, rate.falseBoxes) == there)
                    #expect(rate.falseBoxesPerImage == Double(there.wrong) / 12)
                }

                let score = try #require(byScore.point(threshold: place, class: index))
                #expect((score.found, score.falseBoxes) == counts(brute.rows.filter { $0.detection.score >= 0.4 }))

                let rank = try #require(byRank.point(threshold: place, class: index))
                var seen = Set<Int>()
                #expect((rank.found, rank.falseBoxes) == counts(brute.rows.filter { seen.insert($0.image).inserted }))
            }
        }
        #expect(byRate.point(threshold: 7, class: 0) == nil && byRate.point(threshold: 0, class: 2) == nil)
        let classes = (0..<classCount).compactMap { byScore.point(threshold: 2, class: $0)?.sensitivity }
        #expect(byScore.means()[2] == MeanOverClasses(classes))
    }

    @Test(arguments: UInt64(60)..<70) func aDrawIsTheImagesAsOftenAsDrawn(seed: UInt64) {
        let images = RandomImages.make(seed: seed, count: 20, classCount: classCount)
        let draw = RandomImages.draw(seed: seed, count: images.count)
        let evaluation = DetectionEvaluation(images: images, classCount: classCount)
        let drawn = DetectionEvaluation(images: RandomImages.drawn(images, draw), classCount: classCount)
        #expect(evaluation.froc().sensitivities(weights: draw) == drawn.froc().sensitivities())
        #expect(evaluation.froc().score(weights: draw) == drawn.froc().score())
        #expect(evaluation.chestXDet10().score(weights: draw) == drawn.chestXDet10().score())
        #expect(evaluation.localisation().means(weights: draw) == drawn.localisation().means())
        let rule = ScoreRule.falseBoxesPerImage(0.7)
        #expect(evaluation.froc().pooled().point(rule, weights: draw) == drawn.froc().pooled().point(rule))
        let (ours, expected) = (evaluation.froc().pooled().points(weights: draw), drawn.froc().pooled().points())
        // Scores of images that were not drawn add nothing.
        #expect(Set(ours.map { [$0.found, $0.falseBoxes] }).isSuperset(of: Set(expected.map { [$0.found, $0.falseBoxes] })))
        #expect(ours.last.map { [$0.found, $0.falseBoxes] } == expected.last.map { [$0.found, $0.falseBoxes] })

        let headline = HeadlineEvaluation(evaluation).figures(weights: draw)
        #expect(headline.froc == drawn.froc().sensitivities())
        #expect(headline.localisation.map { MeanOverClasses($0) } == drawn.localisation().means())
    }

    /// All classes under one threshold: by hand.
    @Test func pooledCurve() throws {
        let (near, far) = (Box(x: 0, y: 0, width: 10, height: 10), Box(x: 50, y: 50, width: 10, height: 10))
        let images = [
            EvaluatedImage(
                id: "a", patient: "p", width: 100, height: 100,
                truth: [TruthBox(box: near, classIndex: 0), TruthBox(box: far, classIndex: 1)],
                detections: [
                    Detection(box: near, classIndex: 0, score: 0.9), Detection(box: near, classIndex: 1, score: 0.8),
                    Detection(box: near, classIndex: 0, score: 0.7), Detection(box: far, classIndex: 1, score: 0.6),
                    Detection(box: far, classIndex: 0, score: 0.6),
                ]), EvaluatedImage(id: "b", patient: "q", width: 100, height: 100),
        ]
        let curve = DetectionEvaluation(images: images, classCount: 2).froc().pooled()
        // The second box on `near` is neither, and the two at 0.6 come together.
        #expect(curve.points().map(\.scoreThreshold) == [0.9, 0.8, 0.6])
        #expect(curve.points().map(\.found) == [1, 1, 2])
        #expect(curve.points().map(\.falseBoxes) == [0, 1, 2])
        let none = curve.point(.falseBoxesPerImage(0.4))
        #expect((none.found, none.sensitivity, none.falseBoxesPerImage, none.scoreThreshold) == (1, 0.5, 0, 0.9))
        #expect(curve.point(.falseBoxesPerImage(0.5)).scoreThreshold == 0.8)
        let all = curve.point(.falseBoxesPerImage(1))
        #expect((all.sensitivity, all.falseBoxesPerImage, all.scoreThreshold) == (1, 1, 0.6))
    }

    @Test func whereNotOneMayBeFalseTheThresholdIsAboveTheBest() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        let image = EvaluatedImage(
            id: "a", patient: "p", width: 100, height: 100, truth: [TruthBox(box: box, classIndex: 0)],
            detections: [
                Detection(box: Box(x: 50, y: 50, width: 9, height: 9), classIndex: 0, score: 0.9),
                Detection(box: box, classIndex: 0, score: 0.8),
            ])
        let curve = DetectionEvaluation(images: [image], classCount: 1).froc().curves[0]
        let point = curve.point(.falseBoxesPerImage(0.5))
        #expect((point.found, point.falseBoxes, point.scoreThreshold) == (0, 0, 0.9.nextUp))
        let silent = DetectionEvaluation(images: [EvaluatedImage(id: "a", patient: "p", width: 9, height: 9)], classCount: 1)
        let nothing = silent.froc().curves[0].point(.falseBoxesPerImage(1))
        #expect((nothing.sensitivity, nothing.falseBoxesPerImage, nothing.scoreThreshold) == (nil, 0, nil))
    }
}
