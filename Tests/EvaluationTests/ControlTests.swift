import Basics
import Evaluation
import Findings
import Foundation
import Geometry
import PleuraTesting
import Testing

@Suite struct ControlTests {
    private func randomBox(_ generator: inout SeededGenerator) -> Box {
        Box(
            x: generator.uniform() * 0.4, y: generator.uniform() * 0.4, width: 0.2 + generator.uniform() * 0.4,
            height: 0.2 + generator.uniform() * 0.4)
    }

    private func mean(_ boxes: [Box]) -> Box {
        func mean(_ value: (Box) -> Double) -> Double { boxes.map(value).reduce(0, +) / Double(boxes.count) }
        return Box(x: mean(\.x), y: mean(\.y), width: mean(\.width), height: mean(\.height))
    }

    /// Against every way to part up to nine boxes in two.
    @Test func twoClustersAreTheBestOfAll() {
        var generator = SeededGenerator(seed: 12)
        var best = 0
        for trial in 0..<40 {
            let boxes = (0..<3 + trial % 7).map { _ in randomBox(&generator) }
            let clusters = BoxClusters(boxes, count: 2, seed: 1)
            var smallest = Double.infinity
            for parting in 1..<(1 << boxes.count) - 1 {
                let centres = [true, false].map { side in
                    mean(boxes.indices.filter { (parting >> $0 & 1 == 1) == side }.map { boxes[$0] })
                }
                smallest = min(
                    smallest, boxes.map { box in centres.map { 1 - $0.intersectionOverUnion(box) }.min() ?? 1 }.reduce(0, +))
            }
            // Lloyd's steps only ever see partings that they come by.
            #expect(clusters.distance >= smallest - 1e-9 && clusters.distance < smallest * 1.05, "trial \(trial)")
            if clusters.distance < smallest + 1e-9 { best += 1 }
            let sum = zip(boxes, clusters.clusterOfBox).map { 1 - clusters.centres[$1].intersectionOverUnion($0) }.reduce(0, +)
            #expect(isClose(sum, clusters.distance))
        }
        #expect(best >= 30, "\(best) of 40")
    }

    @Test func clustersOfTwoPlacesAreThosePlaces() {
        var generator = SeededGenerator(seed: 3)
        let left = (0..<30).map { _ in Box(x: 0.1 + generator.uniform() * 0.02, y: 0.3, width: 0.2, height: 0.4) }
        let right = (0..<10).map { _ in Box(x: 0.6, y: 0.5 + generator.uniform() * 0.02, width: 0.2, height: 0.1) }
        let clusters = BoxClusters(left + right, count: 2, seed: 7)
        #expect(Set(clusters.clusterOfBox[..<30]).count == 1 && Set(clusters.clusterOfBox[30...]).count == 1)
        for (cluster, boxes) in [(clusters.clusterOfBox[0], left), (clusters.clusterOfBox[30], right)] {
            #expect(clusters.centres[cluster].intersectionOverUnion(mean(boxes)) > 1 - 1e-9)
        }
        #expect(BoxClusters(left + right, count: 2, seed: 7).centres == clusters.centres)
        // No more clusters than different boxes.
        #expect(BoxClusters([left[0], left[0], left[0]], count: 2, seed: 1).centres.count == 1)
        #expect(BoxClusters([], count: 2, seed: 1).centres.isEmpty)
    }

    @Test func priorsAreScaledToTheImageAndScoredByHowCommonTheyAre() throws {
        func image(_ id: String, _ width: Int, _ height: Int, _ truth: [(Int, Box)]) -> EvaluatedImage {
            EvaluatedImage(
                id: id, patient: id, width: width, height: height, truth: truth.map { TruthBox(box: $0.1, classIndex: $0.0) })
        }
        let training = [
            image("a", 100, 200, [(0, Box(x: 10, y: 20, width: 20, height: 40)), (1, Box(x: 50, y: 100, width: 40, height: 60))]),
            image("b", 1000, 1000, [(0, Box(x: 100, y: 100, width: 200, height: 200))]),
            image("c", 100, 100, [(0, Box(x: 60, y: 70, width: 30, height: 20)), (0, Box(x: 60, y: 70, width: 30, height: 20))]),
            image("d", 100, 100, []),
        ]
        let control = ClassPriorBoxes(learntFrom: training, classCount: 3)
        let found = control.detections(on: image("new", 2000, 500, []))
        let expected = [
            Detection(box: Box(x: 200, y: 50, width: 400, height: 100), classIndex: 0, score: 0.5),
            // Two boxes of one image count once.
            Detection(box: Box(x: 1200, y: 350, width: 600, height: 100), classIndex: 0, score: 0.25),
            Detection(box: Box(x: 1000, y: 250, width: 800, height: 150), classIndex: 1, score: 0.25),
        ]
        try #require(found.count == 3)
        for detection in expected {
            #expect(
                found.contains {
                    $0.classIndex == detection.classIndex && $0.score == detection.score
                        && $0.box.intersectionOverUnion(detection.box) > 1 - 1e-9
                })
        }
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
        // The mean box of a class that lies on two sides lies between them.
        let mean = ClassPriorBoxes(learntFrom: training, classCount: 3, boxesPerClass: 1)
        #expect(mean.priors.count == 2 && mean.name == "mean box of the class")
        #expect(mean.priors[0].score == 0.75 && isClose(mean.priors[0].box.x, (0.1 + 0.1 + 0.6 + 0.6) / 4))
        // Nothing to learn from, and boxes that are none.
        #expect(ClassPriorBoxes(learntFrom: [], classCount: 3).priors.isEmpty)
        let broken = [
            image("e", 0, 0, [(0, Box(x: 0, y: 0, width: 5, height: 5))]), image("f", 9, 9, [(7, Box(x: 0, y: 0, width: 1, height: 1))]),
        ]
        #expect(ClassPriorBoxes(learntFrom: broken, classCount: 3).priors.isEmpty)
    }

    @Test func randomBoxesAreTheSameForAnImageAndSpreadOverIt() {
        let control = RandomBoxes(classCount: 4, boxesPerClass: 3, seed: 5)
        let images = (0..<200).map { EvaluatedImage(id: "image \($0)", patient: "p", width: 300, height: 100) }
        let forward = control.applied(to: images), backward = control.applied(to: images.reversed())
        #expect(forward == backward.reversed())
        let boxes = forward.flatMap(\.detections)
        #expect(boxes.count == 200 * 12 && Set(boxes.map(\.box)).count == boxes.count)
        #expect(boxes.allSatisfy { $0.box.intersection(Box(x: 0, y: 0, width: 300, height: 100)) == $0.box || $0.box.isEmpty })
        // Two points at random are a third of the side apart on average.
        let meanWidth = boxes.reduce(0) { $0 + $1.box.width } / 2400, meanHeight = boxes.reduce(0) { $0 + $1.box.height } / 2400
        #expect(abs(meanWidth - 100) < 6 && abs(meanHeight - 33.3) < 2)
        #expect(RandomBoxes(classCount: 4, seed: 6).applied(to: images) != RandomBoxes(classCount: 4, seed: 7).applied(to: images))
    }

    @Test func secondReadersBoxesStandInForADetector() {
        let box = Box(x: 1, y: 2, width: 3, height: 4)
        let reader = SecondReader(name: "reader 2", boxes: ["a": [TruthBox(box: box, classIndex: 1)]])
        let images = ["a", "b"].map { EvaluatedImage(id: $0, patient: $0, width: 9, height: 9) }
        #expect(reader.applied(to: images).map(\.detections) == [[Detection(box: box, classIndex: 1, score: 1)], []])
    }

    /// On the NIH's boxes, fold by fold, at IoU above 0.3: two usual boxes a class find more than twice what one mean box does.
    @Test(.enabled(if: Repository.realData != nil, "the real radiographs are not on this machine"))
    func twoBoxesAreTheControlToBeat() throws {
        let folder = try #require(Repository.realData).appendingPathComponent("nih-boxes")
        func rows(_ name: String) throws -> [[String]] {
            try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
                .map { $0.components(separatedBy: ",") }
        }
        let folds = Dictionary(try rows("folds.csv").map { ($0[0], $0[1]) }) { first, _ in first }
        let boxes = try rows("BBox_List_2017.csv")
        let classes = Set(boxes.map { $0[1] }).sorted()
        let images = Dictionary(grouping: boxes) { $0[0] }.sorted { $0.key < $1.key }.map { name, rows in
            EvaluatedImage(
                id: name, patient: String(name.prefix(8)), width: 1024, height: 1024,
                truth: rows.compactMap { row in
                    let numbers = row[2...5].compactMap(Double.init)
                    guard numbers.count == 4, let classIndex = classes.firstIndex(of: row[1]) else { return nil }
                    return TruthBox(
                        box: Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]), classIndex: classIndex)
                })
        }
        #expect(images.count == 703 && classes.count == 8)
        func hitRate(boxesPerClass: Int) -> Double {
            var hits = Array(repeating: 0.0, count: 8), counts = hits
            for fold in 0..<4 {
                func isTest(_ image: EvaluatedImage) -> Bool { folds[image.patient] == "\(fold)" }
                let control = ClassPriorBoxes(learntFrom: images.filter { !isTest($0) }, classCount: 8, boxesPerClass: boxesPerClass)
                for image in control.applied(to: images.filter(isTest)) {
                    for truth in image.truth {
                        counts[truth.classIndex] += 1
                        let isHit = image.detections.contains {
                            $0.classIndex == truth.classIndex && $0.box.intersectionOverUnion(truth.box) > 0.3
                        }
                        if isHit { hits[truth.classIndex] += 1 }
                    }
                }
            }
            return zip(hits, counts).map { $0 / $1 }.reduce(0, +) / 8
        }
        let two = hitRate(boxesPerClass: 2), one = hitRate(boxesPerClass: 1)
        #expect((0.30...0.40).contains(two), "\(two)")
        #expect((0.12...0.18).contains(one), "\(one)")
    }
}
