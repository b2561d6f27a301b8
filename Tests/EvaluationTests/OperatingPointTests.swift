import Basics
import Evaluation
import Findings
import Foundation
import Geometry
import Models
import Testing

@Suite struct OperatingPointTests {
    /// Scores with ties on images of patients who have up to three.
    private struct Sample {
        var detections: [(score: Double, isTrue: Bool, image: Int)] = []
        var boxesOfImage: [Int]
        let patients: [String]

        init(seed: UInt64, images: Int) {
            var generator = SeededGenerator(seed: seed)
            patients = (0..<images).map { "\($0 * 2 / 5)" }
            boxesOfImage = (0..<images).map { _ in Int(generator.next() % 3) }
            for image in 0..<images {
                for _ in 0..<boxesOfImage[image] where generator.uniform() < 0.8 {
                    detections.append(((generator.uniform() * 40).rounded() / 40, true, image))
                }
                for _ in 0..<generator.next() % 4 {
                    detections.append(((generator.uniform() * generator.uniform() * 40).rounded() / 40, false, image))
                }
            }
            detections.shuffle(using: &generator)
        }

        func points(_ rates: [Double]) throws -> [ModelCard.OperatingPoint] {
            try FreeResponseCurve(detections: detections, boxesOfImage: boxesOfImage).operatingPoints(
                finding: "Mass", falseBoxesPer100Images: rates, bootstrap: PatientBootstrap(patients: patients, draws: 200),
                split: "fold 1", protocol: "IoU 0.5")
        }
    }

    /// Against trying every score there is.
    @Test func thresholdIsTheLowestThatKeepsThePromise() throws {
        for seed in 0..<25 {
            let sample = Sample(seed: UInt64(seed), images: 20 + seed * 7)
            let images = Double(sample.boxesOfImage.count), boxes = Double(sample.boxesOfImage.reduce(0, +))
            for rate in [0.5, 5, 20, 57, 100, 1000] {
                let allowed = Set(sample.detections.map(\.score)).sorted().filter { threshold in
                    Double(sample.detections.count { !$0.isTrue && $0.score >= threshold }) <= rate * images / 100 + 1e-9
                }
                let point = try sample.points([rate]).first
                #expect(point?.threshold == allowed.first, "seed \(seed), rate \(rate)")
                guard let point else { continue }
                let shown = sample.detections.filter { $0.score >= point.threshold }
                #expect(isClose(point.sensitivity, Double(shown.count { $0.isTrue }) / boxes))
                #expect(isClose(point.measuredFalseBoxesPer100Images, Double(shown.count { !$0.isTrue }) * 100 / images))
                #expect(point.measuredFalseBoxesPer100Images <= rate && point.falseBoxesPer100Images == rate)
                #expect(point.images == Int(images) && point.boxes == Int(boxes))
            }
        }
    }

    /// The interval is that of both shares under the threshold, over draws of the patients.
    @Test func intervalsAreOfTheFixedThreshold() throws {
        let sample = Sample(seed: 99, images: 300)
        let point = try #require(try sample.points([30]).first)
        var found = Array(repeating: 0.0, count: 300), wrong = found
        for detection in sample.detections where detection.score >= point.threshold {
            if detection.isTrue { found[detection.image] += 1 } else { wrong[detection.image] += 1 }
        }
        let bootstrap = PatientBootstrap(patients: sample.patients, draws: 200)
        let draws = (0..<200).map { bootstrap.multiplicities(ofDraw: $0).map(Double.init) }
        func sum(_ values: [Double], _ draw: [Double]) -> Double { zip(values, draw).reduce(0) { $0 + $1.0 * $1.1 } }
        let boxes = sample.boxesOfImage.map(Double.init)
        let sensitivity = BootstrapDistribution(value: 0, draws: draws.map { sum(found, $0) / sum(boxes, $0) }).interval()
        let falseBoxes = BootstrapDistribution(value: 0, draws: draws.map { sum(wrong, $0) / $0.reduce(0, +) * 100 }).interval()
        #expect(isClose(point.sensitivityLow, sensitivity?.low) && isClose(point.sensitivityHigh, sensitivity?.high))
        #expect(isClose(point.falseBoxesLow, falseBoxes?.low) && isClose(point.falseBoxesHigh, falseBoxes?.high))
    }

    @Test func whatCannotBePromisedIsLeftOut() throws {
        var sample = Sample(seed: 1, images: 10)
        sample.detections = [(0.9, false, 0), (0.9, true, 1), (0.2, false, 3)]
        sample.boxesOfImage = Array(repeating: 1, count: 10)
        #expect(try sample.points([5, 10, 15, 20]).map(\.threshold) == [0.9, 0.9, 0.2])
        sample.boxesOfImage = Array(repeating: 0, count: 10)
        #expect(try sample.points([5, 10, 15, 20]).isEmpty)
        sample.detections = []
        #expect(try sample.points([5]).isEmpty)
        #expect(throws: EvaluationError.self) { try FreeResponseCurve(detections: [(.nan, true, 0)], boxesOfImage: [1]) }
        #expect(throws: EvaluationError.self) { try FreeResponseCurve(detections: [(0.5, true, 1)], boxesOfImage: [1]) }
        #expect(throws: EvaluationError.self) { try FreeResponseCurve(detections: [], boxesOfImage: [-1]) }
    }

    @Test func aDetectorsOwnCurveHasThePoints() throws {
        let box = Box(x: 10, y: 10, width: 50, height: 50)
        let images = (0..<20).map { number in
            EvaluatedImage(
                id: "\(number)", patient: "\(number / 2)", width: 100, height: 100,
                truth: number % 2 == 0 ? [TruthBox(box: box, classIndex: 0)] : [],
                detections: [Detection(box: box, classIndex: 0, score: 1 - Double(number) / 100)])
        }
        let curve = DetectionEvaluation(images: images, classCount: 1).froc().curves[0]
        let points = curve.operatingPoints(
            finding: "Mass", falseBoxesPer100Images: [10, 25], bootstrap: PatientBootstrap(patients: images.map(\.patient)),
            split: "all", protocol: "IoU 0.5")
        // Images 1, 3 and 5 are false; with 20 images 10 in 100 are two, 25 in 100 five.
        #expect(points.map(\.threshold) == [0.96, 0.9] && points.map(\.sensitivity) == [0.3, 0.6])
        #expect(points.map(\.measuredFalseBoxesPer100Images) == [10, 25])
        let sample = try curve.calibrationSample()
        #expect(sample.positives == 10 && sample.scores.count == 20 && sample.images == Array(0..<20))
        let read = try JSONDecoder().decode([ModelCard.OperatingPoint].self, from: JSONEncoder().encode(points))
        #expect(read == points)
        #expect(read.point(for: "Mass", falseBoxesPer100Images: 24)?.threshold == points[0].threshold)
        #expect(read.point(for: "Mass", falseBoxesPer100Images: 500)?.threshold == points[1].threshold)
        #expect(read.point(for: "Mass", falseBoxesPer100Images: 9) == nil && read.point(for: "Nodule", falseBoxesPer100Images: 24) == nil)
    }
}
