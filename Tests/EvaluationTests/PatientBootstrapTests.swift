import Basics
import Evaluation
import Findings
import Foundation
import Testing

@Suite struct PatientBootstrapTests {
    @Test func intervalIsNumpysPercentiles() throws {
        for sample in try StatisticsOracle.read().percentiles {
            let distribution = BootstrapDistribution(value: 0.25, draws: sample.values)
            let interval = try #require(distribution.interval())
            #expect(interval.value == 0.25 && isClose(interval.low, sample.low) && isClose(interval.high, sample.high))
            #expect(isClose(distribution.standardError, sample.deviation))
        }
    }

    @Test func drawsWholePatientsAsManyAsThereAre() {
        let patients = (0..<300).map { "patient \($0 * $0 % 97)" }
        let bootstrap = PatientBootstrap(patients: patients, draws: 200, seed: 3)
        let names = Array(Set(patients))
        #expect(bootstrap.patientCount == names.count && bootstrap.imageCount == 300)
        var drawnTimes: [String: Int] = [:]
        for draw in 0..<200 {
            let multiplicities = bootstrap.multiplicities(ofDraw: draw)
            let ofPatient = Dictionary(zip(patients, multiplicities)) { first, _ in first }
            #expect(zip(patients, multiplicities).allSatisfy { ofPatient[$0] == $1 }, "images of one patient go together")
            #expect(ofPatient.values.reduce(0, +) == names.count)
            drawnTimes.merge(ofPatient, uniquingKeysWith: +)
        }
        // Each patient is drawn once a draw on average; 200 draws have a standard deviation of 14.
        #expect(drawnTimes.values.allSatisfy { abs($0 - 200) < 70 })
    }

    @Test func isTheSameForTheSameSeedAndAnotherForAnother() {
        let values = (0..<500).map { sin(Double($0)) }
        @Sendable func mean(_ multiplicities: [Int]) -> Double? { weightedMean(values, multiplicities) }
        let patients = (0..<500).map { "\($0 / 3)" }
        let one = PatientBootstrap(patients: patients, seed: 5).interval(of: mean)
        #expect(one == PatientBootstrap(patients: patients, seed: 5).interval(of: mean))
        #expect(one != PatientBootstrap(patients: patients, seed: 6).interval(of: mean))
        // Many figures in one pass are each as if alone.
        let both = PatientBootstrap(patients: patients, seed: 5).intervals { [nil, mean($0), mean($0).map { -$0 }] }
        #expect(both[0] == nil && both[1] == one && isClose(both[2]?.low, one?.high.map { -$0 }))
    }

    /// The standard error of a mean is known, and with several images a patient it is that of the patients' means.
    @Test func spreadOfAMeanIsThatOfTheFormula() throws {
        var generator = SeededGenerator(seed: 8)
        let patientMeans = (0..<400).map { _ in generator.uniform() * 10 }
        let images = patientMeans.flatMap { mean in (0..<4).map { _ in mean + generator.uniform() } }
        let patients = (0..<1600).map { "\($0 / 4)" }
        let drawn = PatientBootstrap(patients: patients, draws: 4000).distributions { [weightedMean(images, $0)] }
        let distribution = try #require(drawn.first)
        let means = (0..<400).map { patient in images[patient * 4..<patient * 4 + 4].reduce(0, +) / 4 }
        let centre = means.reduce(0, +) / 400
        let expected = (means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / 400 / 400).squareRoot()
        #expect(abs(try #require(distribution.standardError) / expected - 1) < 0.04)
        let interval = try #require(distribution.interval())
        #expect(abs(try #require(interval.low) - (centre - 1.96 * expected)) < 0.2 * expected)
        #expect(abs(try #require(interval.high) - (centre + 1.96 * expected)) < 0.2 * expected)
    }

    /// 95 of 100 intervals hold the truth: here the area under the ROC curve of two normal distributions a standard deviation apart.
    @Test func intervalHoldsTheTruthAsOftenAsItSays() throws {
        let truth = NormalDistribution.cumulative(1 / 2.0.squareRoot())
        let patients = (0..<120).map(String.init)
        var held = 0
        for trial in 0..<400 {
            var generator = SeededGenerator(seed: 77, stream: UInt64(trial))
            let truths = (0..<120).map { $0 % 3 == 0 }
            let scores = truths.map { NormalDistribution.quantile(generator.uniform()) + ($0 ? 1 : 0) }
            let ranking = try ScoreRanking(scores: scores, truths: truths)
            let bootstrap = PatientBootstrap(patients: patients, draws: 300, seed: UInt64(trial))
            if bootstrap.interval(of: { ranking.areaUnderROC($0) })?.excludes(truth) == false { held += 1 }
        }
        #expect((0.91...0.98).contains(Double(held) / 400), "\(held) of 400")
    }

    @Test func saysNothingWhereThereIsTooLittle() throws {
        let alone = PatientBootstrap(patients: ["a", "a", "a"])
        let none = PatientBootstrap(patients: [])
        let many = PatientBootstrap(patients: (0..<50).map(String.init), draws: 100)
        let ofOne = alone.interval { _ in 0.5 }
        let ofNone = none.interval { _ in 0.5 }
        let withoutFigure = many.interval { _ in nil }
        let notANumber = many.interval { _ in .nan }
        // Only of the whole and in draws that leave the first patient out, about a third.
        let seldom = many.interval { $0.contains(2) && $0[0] != 0 ? nil : 0.5 }
        #expect(ofOne == ConfidenceInterval(value: 0.5) && ofNone == ConfidenceInterval(value: 0.5))
        #expect(withoutFigure == nil && notANumber == nil)
        #expect(seldom == ConfidenceInterval(value: 0.5))
        #expect(ConfidenceInterval(value: 0.5).excludes(0) == nil)
    }
}
