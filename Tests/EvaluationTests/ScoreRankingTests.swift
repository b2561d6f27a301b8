import Basics
import Evaluation
import Findings
import Testing

@Suite struct ScoreRankingTests {
    @Test func areasAreThoseOfScikitLearn() throws {
        let cases = try StatisticsOracle.read().rankings
        #expect(cases.count { $0.auroc != nil } > 200 && cases.contains { $0.auroc == nil })
        for (number, sample) in cases.enumerated() {
            let ranking = try ScoreRanking(scores: sample.scores, truths: sample.truths)
            #expect(isClose(ranking.areaUnderROC(), sample.auroc), "case \(number)")
            #expect(isClose(ranking.averagePrecision(), sample.averagePrecision), "case \(number)")
            #expect(isClose(ranking.areaUnderROC(sample.times), sample.aurocDrawn), "case \(number)")
            #expect(isClose(ranking.averagePrecision(sample.times), sample.averagePrecisionDrawn), "case \(number)")
        }
    }

    @Test func curvesAreThoseOfScikitLearn() throws {
        for (number, sample) in try StatisticsOracle.read().rankings.enumerated() {
            let curve = try ScoreRanking(scores: sample.scores, truths: sample.truths).curve()
            let roc = sample.curve ?? [], precision = sample.precision ?? []
            try #require(curve.count == roc.count && curve.count == precision.count, "case \(number)")
            for ((point, rates), precisions) in zip(zip(curve, roc), precision) {
                let expected = rates + precisions
                let got = [
                    point.threshold, point.sensitivity, point.falsePositiveRate, point.threshold, point.sensitivity, point.precision,
                ]
                #expect(zip(got, expected).allSatisfy { isClose($0, $1) }, "case \(number)")
            }
        }
    }

    @Test func areaIsTheShareOfPairsInTheRightOrder() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<50 {
            let count = 2 + Int(generator.next() % 40)
            let scores = (0..<count).map { _ in Double(generator.next() % 12) - 5 }
            let truths = (0..<count).map { _ in [true, false, nil][Int(generator.next() % 3)] }
            var (right, pairs) = (0.0, 0.0)
            for one in 0..<count where truths[one] == true {
                for other in 0..<count where truths[other] == false {
                    pairs += 1
                    right += scores[one] > scores[other] ? 1 : scores[one] == scores[other] ? 0.5 : 0
                }
            }
            let ranking = try ScoreRanking(scores: scores, truths: truths)
            #expect(isClose(ranking.areaUnderROC(), pairs > 0 ? right / pairs : nil))
            #expect(ranking.positives == truths.count { $0 == true } && ranking.negatives == truths.count { $0 == false })
        }
    }

    @Test func drawnTwiceIsAsGivenTwice() throws {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<30 {
            let scores = (0..<25).map { _ in Double(generator.next() % 9) }
            let truths = (0..<25).map { _ in generator.next() % 3 == 0 }
            let times = (0..<25).map { _ in Int(generator.next() % 4) }
            let copied = times.indices.flatMap { Array(repeating: $0, count: times[$0]) }
            let drawn = try ScoreRanking(scores: scores, truths: truths)
            let given = try ScoreRanking(scores: copied.map { scores[$0] }, truths: copied.map { truths[$0] })
            #expect(isClose(drawn.areaUnderROC(times), given.areaUnderROC()))
            #expect(isClose(drawn.averagePrecision(times), given.averagePrecision()))
        }
    }

    @Test func whatCannotBeRankedIsRefused() throws {
        #expect { try ScoreRanking(scores: [0.5, .nan], truths: [true, false]) } throws: {
            ($0 as? EvaluationError)?.description == "bad score: the score of image 2 of 2 is not a number"
        }
        #expect(throws: EvaluationError.self) { try ScoreRanking(scores: [0.5], truths: [true, false]) }
        let ranking = try ScoreRanking(scores: [0.5, .infinity, -.infinity], truths: [true, false, false])
        #expect(ranking.areaUnderROC() == 0.5)
        #expect(ranking.areaUnderROC([1, 1]) == nil)
        #expect(try ScoreRanking(scores: [], truths: []).areaUnderROC() == nil)
    }
}
