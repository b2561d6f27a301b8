import Basics
import Evaluation
import Findings
import Testing

@Suite struct PowerAnalysisTests {
    @Test func quantilesAreSciPys() throws {
        for sample in try StatisticsOracle.read().normalQuantiles {
            #expect(abs(NormalDistribution.quantile(sample.share) - sample.quantile) < 1e-9)
            #expect(abs(NormalDistribution.cumulative(sample.quantile) / sample.share - 1) < 1e-9)
        }
        #expect(NormalDistribution.quantile(0) == -.infinity && NormalDistribution.quantile(1) == .infinity)
        #expect(NormalDistribution.quantile(1.5).isNaN)
    }

    /// n = ((1.959964 + 0.841621) s / d)², the textbook's formula for a paired mean.
    @Test func patientsAreThoseOfTheFormula() throws {
        for (deviation, difference) in [(1.0, 0.5), (0.35, 0.02), (12.0, 1.0), (1.0, 5.0)] {
            let exact = 7.848879734 * deviation * deviation / (difference * difference)
            let analysis = try #require(PowerAnalysis(variance: deviation * deviation))
            #expect(analysis.patients(toShow: difference) == Int(exact.rounded(.up)))
            #expect(analysis.patients(toShow: -difference) == Int(exact.rounded(.up)))
        }
        // 1.959964 + 1.281552 for 90 percent; 2.575829 for the 1 percent level.
        let analysis = try #require(PowerAnalysis(variance: 1))
        #expect(analysis.patients(toShow: 0.1, power: 0.9) == 1051)
        #expect(analysis.patients(toShow: 0.1, level: 0.01) == 1168)
    }

    /// From the bootstrap of a mean as from its variance.
    @Test func standardErrorOfTheBootstrapServesAsTheVariance() throws {
        var generator = SeededGenerator(seed: 15)
        let differences = (0..<600).map { _ in NormalDistribution.quantile(generator.uniform()) * 0.4 + 0.05 }
        let bootstrap = PatientBootstrap(patients: (0..<600).map(String.init), draws: 4000)
        let comparison = bootstrap.compare({ _ in 0 }, { weightedMean(differences, $0) })
        let mean = differences.reduce(0, +) / 600
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 599
        let drawn = Double(try #require(comparison?.powerAnalysis?.patients(toShow: 0.05)))
        let exact = Double(try #require(PowerAnalysis(variance: variance)?.patients(toShow: 0.05)))
        #expect(abs(drawn / exact - 1) < 0.06, "\(drawn) against \(exact)")
    }

    @Test func powerAndPatientsAndDifferenceAgree() throws {
        let analysis = try #require(PowerAnalysis(standardError: 0.03, patients: 500))
        let needed = try #require(analysis.patients(toShow: 0.04))
        #expect(analysis.power(toShow: 0.04, patients: needed) >= 0.8)
        #expect(analysis.power(toShow: 0.04, patients: needed - 1) < 0.8)
        #expect(abs(analysis.power(toShow: 0, patients: 500) - 0.05) < 1e-9)
        let smallest = try #require(analysis.smallestDifference(patients: 500))
        #expect(abs(smallest - 2.801585218 * 0.03) < 1e-9)
        #expect(analysis.patients(toShow: smallest * 1.000001) == 500)
    }

    @Test func nothingToReckonWithGivesNothing() throws {
        #expect(PowerAnalysis(standardError: 0, patients: 5) == nil)
        #expect(PowerAnalysis(standardError: .nan, patients: 5) == nil)
        #expect(PowerAnalysis(standardError: 1, patients: 0) == nil)
        #expect(PowerAnalysis(variance: -1) == nil)
        let analysis = try #require(PowerAnalysis(variance: 1))
        #expect(analysis.patients(toShow: 0) == nil && analysis.patients(toShow: .nan) == nil)
        #expect(analysis.patients(toShow: 1e-200) == nil && analysis.patients(toShow: 1e-12) == nil)
        #expect(analysis.smallestDifference(patients: 0) == nil && analysis.power(toShow: 1, patients: 0) == 0)
    }
}
