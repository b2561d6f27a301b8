import Basics
import Evaluation
import Findings
import Foundation
import Models
import Testing

@Suite struct CalibrationTests {
    @Test func plattScalingIsThatOfScikitLearn() throws {
        let cases = try StatisticsOracle.read().calibrations
        #expect(cases.count > 40)
        for (number, sample) in cases.enumerated() {
            let data = try CalibrationSample(scores: sample.scores, outcomes: sample.truths)
            let curve = try PlattScaling(fitting: data)
            // A logistic regression on soft targets, solved to the last digits, and SciPy's minimiser on the likelihood.
            #expect(isClose(curve.slope / sample.slope, 1, within: 1e-7), "case \(number)")
            #expect(isClose(curve.intercept, sample.intercept, within: 1e-7 * max(1, abs(sample.intercept))), "case \(number)")
            #expect(isClose(curve.slope / sample.minimised[0], 1, within: 1e-3), "case \(number)")
            // scikit-learn's own calibration stops its search earlier.
            #expect(zip(sample.asked, sample.platt).allSatisfy { isClose(curve.probability(of: $0), $1, within: 1e-3) }, "case \(number)")

            let logit = try PlattScaling(fitting: data, input: .logit)
            #expect(isClose(logit.slope / sample.logitSlope, 1, within: 1e-7), "case \(number)")
            #expect(isClose(logit.intercept, sample.logitIntercept, within: 1e-7 * max(1, abs(sample.logitIntercept))), "case \(number)")
        }
    }

    @Test func isotonicCalibrationIsThatOfScikitLearn() throws {
        for (number, sample) in try StatisticsOracle.read().calibrations.enumerated() {
            let line = try IsotonicCalibration(fitting: CalibrationSample(scores: sample.scores, outcomes: sample.truths))
            #expect(zip(sample.asked, sample.isotonic).allSatisfy { isClose(line.probability(of: $0), $1, within: 1e-9) }, "case \(number)")
        }
    }

    /// The best line that never falls is, at each score, the largest over all starts at or below it of the smallest over all ends at or
    /// above it of the mean between (Barlow and others, Statistical Inference under Order Restrictions, 1972).
    @Test func isotonicCalibrationIsTheLargestOfTheSmallestMeans() throws {
        var generator = SeededGenerator(seed: 31)
        for _ in 0..<60 {
            let count = 4 + Int(generator.next() % 30)
            let scores = (0..<count).map { _ in Double(generator.next() % 15) / 14 }
            let outcomes = scores.map { generator.uniform() < 0.2 + 0.6 * $0 }
            guard let line = try? IsotonicCalibration(fitting: CalibrationSample(scores: scores, outcomes: outcomes)) else { continue }
            let levels = Array(Set(scores)).sorted()
            func mean(_ low: Double, _ high: Double) -> Double {
                let inside = zip(scores, outcomes).filter { low <= $0.0 && $0.0 <= high }
                return Double(inside.count { $0.1 }) / Double(inside.count)
            }
            for level in levels {
                let best = levels.filter { $0 <= level }.map { low in
                    levels.filter { $0 >= level }.map { mean(low, $0) }.min() ?? 1
                }.max()
                #expect(isClose(line.probability(of: level), best))
            }
        }
    }

    @Test func calibratedScoresAreCalibratedAndKeepTheirOrder() throws {
        // Scores whose truth comes with their square: far too sure.
        var generator = SeededGenerator(seed: 6)
        let scores = (0..<6000).map { _ in generator.uniform() }
        let outcomes = scores.map { generator.uniform() < $0 * $0 * 0.4 }
        let training = try CalibrationSample(scores: Array(scores[..<3000]), outcomes: Array(outcomes[..<3000]))
        let before = try Reliability(CalibrationSample(scores: Array(scores[3000...]), outcomes: Array(outcomes[3000...])))
        let curves: [ScoreCalibration] = [
            .platt(try PlattScaling(fitting: training)), .platt(try PlattScaling(fitting: training, input: .logit)),
            .isotonic(try IsotonicCalibration(fitting: training)),
        ]
        for curve in curves {
            let after = try Reliability(
                CalibrationSample(scores: scores[3000...].map(curve.probability), outcomes: Array(outcomes[3000...])))
            let error = try #require(after.expectedCalibrationError()), errorBefore = try #require(before.expectedCalibrationError())
            #expect(error < 0.05 && error < 0.15 * errorBefore)
            let brier = try #require(after.brierScore()), brierBefore = try #require(before.brierScore())
            #expect(brier < brierBefore)
            let rising = scores.sorted().map(curve.probability)
            #expect(zip(rising, rising.dropFirst()).allSatisfy { $0 <= $1 } && rising.allSatisfy((0...1).contains))
            #expect(curve.probability(of: -1e9) >= 0 && curve.probability(of: 1e9) <= 1 && curve.probability(of: .nan).isNaN)
            #expect(try JSONDecoder().decode(ScoreCalibration.self, from: JSONEncoder().encode(curve)) == curve)
        }
    }

    @Test func binsAndErrorsAreThoseOfScikitLearn() throws {
        for (number, sample) in try StatisticsOracle.read().calibrations.enumerated() {
            let data = try CalibrationSample(scores: sample.scores, outcomes: sample.truths)
            for (binning, expected) in [(Reliability.Binning.equalWidth, sample.equalWidth), (.equalCount, sample.equalCount)] {
                let reliability = try Reliability(data, bins: 8, binning: binning)
                let bins = reliability.bins()
                try #require(bins.map(\.count) == expected.counts, "case \(number), \(binning.rawValue)")
                #expect(zip(bins.map(\.rate), expected.rates).allSatisfy { isClose($0, $1) })
                #expect(zip(bins.map(\.meanScore), expected.means).allSatisfy { isClose($0, $1) })
                #expect(isClose(reliability.expectedCalibrationError(), expected.error))
                #expect(isClose(reliability.brierScore(), sample.brier))
            }
        }
    }

    /// A draw of images counts each image's boxes as often as it was drawn.
    @Test func drawnTwiceIsAsGivenTwice() throws {
        var generator = SeededGenerator(seed: 2)
        let images = (0..<90).map { _ in Int(generator.next() % 30) }
        let scores = images.map { _ in generator.uniform() }
        let outcomes = scores.map { generator.uniform() < $0 }
        let reliability = try Reliability(CalibrationSample(scores: scores, outcomes: outcomes, images: images))
        let weights = PatientBootstrap(patients: (0..<30).map(String.init)).multiplicities(ofDraw: 4)
        let copied = images.indices.flatMap { Array(repeating: $0, count: weights[images[$0]]) }
        let given = try Reliability(CalibrationSample(scores: copied.map { scores[$0] }, outcomes: copied.map { outcomes[$0] }))
        #expect(isClose(reliability.expectedCalibrationError(weights: weights), given.expectedCalibrationError()))
        #expect(isClose(reliability.brierScore(weights: weights), given.brierScore()))
        #expect(reliability.bins(weights: weights).map(\.count) == given.bins().map(\.count))
    }

    @Test func whatCannotBeCalibratedIsRefused() throws {
        func code(_ body: () throws -> Void) -> EvaluationError.Code? {
            do {
                try body()
                return nil
            } catch {
                return (error as? EvaluationError)?.code
            }
        }
        #expect(code { _ = try CalibrationSample(scores: [.nan], outcomes: [true]) } == .badScore)
        #expect(code { _ = try CalibrationSample(scores: [0.5, 0.5], outcomes: [true]) } == .mismatch)
        #expect(code { _ = try Reliability(CalibrationSample(scores: [1.5], outcomes: [true])) } == .badScore)
        let onesided = try CalibrationSample(scores: [0.2, 0.7], outcomes: [true, true])
        let level = try CalibrationSample(scores: [0.5, 0.5, 0.5], outcomes: [true, false, true])
        let falling = try CalibrationSample(scores: [0.1, 0.2, 0.8, 0.9], outcomes: [true, true, false, false])
        let nothing = try CalibrationSample(scores: [], outcomes: [])
        for (sample, expected) in [
            (onesided, EvaluationError.Code.tooLittle), (nothing, .tooLittle), (level, .notRising), (falling, .notRising),
        ] {
            #expect(code { _ = try PlattScaling(fitting: sample) } == expected)
            #expect(code { _ = try PlattScaling(fitting: sample, input: .logit) } == expected)
            #expect(code { _ = try IsotonicCalibration(fitting: sample) } == expected)
        }
        for binning in [Reliability.Binning.equalWidth, .equalCount] {
            let empty = try Reliability(nothing, bins: 0, binning: binning)
            #expect(empty.bins().isEmpty && empty.expectedCalibrationError() == nil && empty.brierScore() == nil)
        }
        // An image that the draw says nothing of counts for nothing.
        let outside = try Reliability(CalibrationSample(scores: [0.5], outcomes: [true], images: [7]))
        #expect(outside.brierScore(weights: [1]) == nil)
    }
}
