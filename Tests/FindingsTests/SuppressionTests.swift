import Basics
import Findings
import Geometry
import Testing

@Suite struct SuppressionTests {
    private func detections(_ count: Int, seed: UInt64) -> [Detection] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            // Scores on a coarse grid, so that equal ones occur.
            Detection(
                box: Box(
                    x: random.uniform(0...60), y: random.uniform(0...60), width: random.uniform(5...60), height: random.uniform(5...60)),
                classIndex: Int(random.next() % 4), score: (random.uniform() * 50).rounded() / 50)
        }
    }

    /// The definition, word for word: take the highest remaining score, strike what overlaps it in its class, until none is left.
    private func byDefinition(_ all: [Detection], _ rule: Suppression) -> [Detection] {
        var (left, kept): ([Detection], [Detection]) = (all.filter { $0.score >= rule.scoreThreshold }, [])
        while let best = left.max(by: { $0.score < $1.score }), let first = left.firstIndex(where: { $0.score == best.score }) {
            let top = left.remove(at: first)
            kept.append(top)
            left.removeAll {
                $0.classIndex == top.classIndex && $0.box.intersectionOverUnion(top.box) > rule.intersectionOverUnion
            }
        }
        return Array(kept.prefix(rule.maximumDetections))
    }

    @Test(arguments: 0..<40) func equalsTheDefinition(seed: UInt64) {
        let all = detections(150, seed: seed)
        let rule = Suppression(
            intersectionOverUnion: [0.3, 0.5, 0.7][Int(seed % 3)], scoreThreshold: 0.1, maximumCandidates: 1000, maximumDetections: 1000)
        let kept = rule(all)
        #expect(kept == byDefinition(all, rule))
        #expect(kept.count < all.count && !kept.isEmpty)
    }

    /// Of many detections only the highest are looked at: as if all had been sorted first.
    @Test(arguments: [0, 1, 7, 100, 999, 5000]) func onlyTheHighestAreLookedAt(most: Int) {
        let all = detections(3000, seed: UInt64(most))
        let rule = Suppression(intersectionOverUnion: 0.7, scoreThreshold: 0.1, maximumCandidates: most, maximumDetections: 5000)
        let sorted = all.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }.map(\.element)
        #expect(rule(all) == byDefinition(Array(sorted.prefix(most)), rule))
    }

    /// Zeros of either sign, negative and infinite scores have their places too.
    @Test(arguments: [1, 2, 4, 6]) func scoresOfAnySizeAreInOrder(most: Int) {
        let scores: [Double] = [-0.0, -3, .infinity, 0, 1e-300, 2]
        let row = scores.enumerated().map {
            Detection(box: Box(x: Double($0.offset) * 20, y: 0, width: 10, height: 10), classIndex: 0, score: $0.element)
        }
        let expected = [row[2], row[5], row[4], row[0], row[3], row[1]]
        #expect(Suppression(scoreThreshold: -10, maximumCandidates: most)(row) == Array(expected.prefix(most)))
    }

    @Test func anotherClassInTheSamePlaceStays() {
        let strong = Detection(box: Box(x: 10, y: 10, width: 100, height: 100), classIndex: 0, score: 0.9)
        let twin = Detection(box: Box(x: 12, y: 11, width: 100, height: 100), classIndex: 1, score: 0.8)
        #expect(Suppression()([twin, strong]) == [strong, twin])
    }

    @Test func equalScoresStayInTheOrderGiven() {
        let row = (0..<50).map { Detection(box: Box(x: Double($0) * 20, y: 0, width: 10, height: 10), classIndex: 0, score: 0.5) }
        #expect(Suppression()(row) == row)
    }

    @Test func capsKeepTheHighestScores() {
        let row = (0..<50).map {
            Detection(box: Box(x: Double($0) * 20, y: 0, width: 10, height: 10), classIndex: 0, score: Double($0) / 50)
        }
        #expect(Suppression(maximumDetections: 3)(row) == [row[49], row[48], row[47]])
        #expect(Suppression(maximumCandidates: 2)(row) == [row[49], row[48]])
        #expect(Suppression(scoreThreshold: 0.9)(row) == row[45...].reversed())
    }

    @Test func whatIsNotANumberNeverStays() {
        let good = Detection(box: Box(x: 0, y: 0, width: 5, height: 5), classIndex: 0, score: 0.4)
        let nan = Detection(box: Box(x: 50, y: 0, width: 5, height: 5), classIndex: 0, score: .nan)
        let flat = Detection(box: Box(x: 80, y: 0, width: .nan, height: 5), classIndex: 0, score: 0.9)
        #expect(Suppression()([nan, flat, good]) == [good])
    }
}
