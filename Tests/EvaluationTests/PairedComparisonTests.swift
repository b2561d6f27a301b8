import Basics
import Evaluation
import Findings
import Testing

@Suite struct PairedComparisonTests {
    /// Two models that see the same thing, each with its own noise; the second may see `gain` more of it.
    private struct Trial: Sendable {
        let first: ScoreRanking
        let second: ScoreRanking

        init(_ number: Int, patients: Int, gain: Double) throws {
            var generator = SeededGenerator(seed: 41, stream: UInt64(number))
            func normal() -> Double { NormalDistribution.quantile(generator.uniform()) }
            let truths = (0..<patients).map { _ in generator.uniform() < 0.4 }
            let seen = truths.map { ($0 ? 1 : 0) + normal() }
            first = try ScoreRanking(scores: seen.map { $0 + normal() }, truths: truths)
            second = try ScoreRanking(scores: zip(seen, truths).map { $0 + ($1 ? gain : 0) + normal() }, truths: truths)
        }

        /// With 399 draws a p-value can be just 0.05, so that the level is neither above nor below it for want of draws.
        func compare(patients: Int, seed: Int, draws: Int = 399) -> PairedComparison? {
            PatientBootstrap(patients: (0..<patients).map(String.init), draws: draws, seed: UInt64(seed))
                .compare({ first.areaUnderROC($0) }, { second.areaUnderROC($0) })
        }
    }

    /// Of models that are equally good, 5 in 100 comparisons come out at 0.05 or below.
    @Test func levelIsWhatItSays() throws {
        var below = 0
        for number in 0..<800 {
            let comparison = try #require(Trial(number, patients: 100, gain: 0).compare(patients: 100, seed: number))
            if try #require(comparison.pValue) <= 0.05 { below += 1 }
        }
        #expect((0.03...0.08).contains(Double(below) / 800), "\(below) of 800")
    }

    /// Trials of as many patients as are said to show the difference in 80 percent of the cases show it in about as many.
    @Test func powerIsWhatItSays() throws {
        let pilot = try #require(Trial(12, patients: 4000, gain: 0.5).compare(patients: 4000, seed: 1, draws: 3000))
        // What is seen and a model's own noise have a variance of 1 each, so the areas are known.
        let difference = NormalDistribution.cumulative(1.5 / 2) - NormalDistribution.cumulative(1.0 / 2)
        #expect(abs(pilot.difference.value - difference) < 0.02)
        let needed = try #require(pilot.powerAnalysis?.patients(toShow: difference))
        #expect((40...400).contains(needed))
        var shown = 0
        for number in 0..<400 {
            let comparison = try #require(Trial(1000 + number, patients: needed, gain: 0.5).compare(patients: needed, seed: number))
            if try #require(comparison.pValue) <= 0.05 { shown += 1 }
        }
        #expect((0.74...0.86).contains(Double(shown) / 400), "\(shown) of 400 with \(needed) patients")
    }

    @Test func differenceIsDrawnInPairs() throws {
        let trial = try Trial(3, patients: 200, gain: 1)
        let comparison = try #require(trial.compare(patients: 200, seed: 2))
        #expect(isClose(comparison.difference.value, comparison.second.value - comparison.first.value))
        func width(_ interval: ConfidenceInterval) throws -> Double { try #require(interval.high) - (try #require(interval.low)) }
        // Unpaired, the widths would add up in squares.
        let unpaired = try (width(comparison.first) * width(comparison.first) + width(comparison.second) * width(comparison.second))
            .squareRoot()
        #expect(try width(comparison.difference) < 0.95 * unpaired)
        #expect(comparison.difference.excludes(0) == (try #require(comparison.pValue) < 0.05))
    }

    @Test func modelIsNoBetterThanItself() throws {
        let trial = try Trial(5, patients: 80, gain: 0)
        let bootstrap = PatientBootstrap(patients: (0..<80).map(String.init))
        let compared = bootstrap.compare({ trial.first.areaUnderROC($0) }, { trial.first.areaUnderROC($0) })
        let comparison = try #require(compared)
        #expect(comparison.difference == ConfidenceInterval(value: 0, low: 0, high: 0))
        #expect(comparison.pValue == 1 && comparison.powerAnalysis == nil)
        let withNothing = bootstrap.compare({ _ in nil }, { trial.first.areaUnderROC($0) })
        #expect(withNothing == nil)
    }
}
