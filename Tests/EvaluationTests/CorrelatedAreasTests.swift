import Evaluation
import Foundation
import PleuraTesting
import Testing

@Suite struct CorrelatedAreasTests {
    private struct Case: Decodable {
        var truths: [Bool]
        var first: [Double]
        var second: [Double]
        var areas: [Double]
        var covariance: [[Double]]
        var error: Double
        var pValue: Double
        var bootstrap: [Double]?
    }

    private static func cases() throws -> [Case] {
        try Oracle("correlated_areas").read([Case].self, from: "cases.json", keys: .convertFromSnakeCase)
    }

    /// Areas are scikit-learn's, variances those of the definition, pair by pair.
    @Test func variancesAreThoseOfTheDefinition() throws {
        let cases = try Self.cases()
        #expect(cases.count == 40)
        for (number, sample) in cases.enumerated() {
            let areas = try #require(try CorrelatedAreas(first: sample.first, second: sample.second, truths: sample.truths))
            let pairs = [
                (areas.first, sample.areas[0]), (areas.second, sample.areas[1]), (areas.firstVariance, sample.covariance[0][0]),
                (areas.secondVariance, sample.covariance[1][1]), (areas.covariance, sample.covariance[0][1]),
                (areas.standardError, sample.error), (areas.pValue, sample.pValue),
            ]
            for (got, expected) in pairs { #expect(abs(got - expected) < 1e-9, "case \(number): \(got), not \(expected)") }
        }
    }

    /// The bootstrap's interval of the difference is SciPy's, as far as two sets of draws agree.
    @Test func theBootstrapsIntervalIsSciPys() throws {
        let cases = try Self.cases().filter { $0.bootstrap != nil }
        #expect(cases.count == 6)
        for sample in cases {
            let one = try ScoreRanking(scores: sample.first, truths: sample.truths)
            let other = try ScoreRanking(scores: sample.second, truths: sample.truths)
            let bootstrap = PatientBootstrap(patients: sample.truths.indices.map(String.init), draws: 4000)
            let comparison = bootstrap.compare({ one.areaUnderROC($0) }, { other.areaUnderROC($0) })
            let found = try #require(comparison)
            let (low, high) = (try #require(found.difference.low), try #require(found.difference.high))
            let expected = try #require(sample.bootstrap)
            let width = expected[1] - expected[0]
            #expect(abs(low - expected[0]) < 0.12 * width && abs(high - expected[1]) < 0.12 * width, "\(low) to \(high), not \(expected)")
            // And of DeLong's width.
            let error = try #require(try CorrelatedAreas(first: sample.first, second: sample.second, truths: sample.truths)).standardError
            #expect(abs(width / (2 * 1.96 * error) - 1) < 0.25)
        }
    }

    @Test func tooFewImagesHaveNoVariance() throws {
        #expect(try CorrelatedAreas(first: [1, 2, 3], second: [1, 2, 3], truths: [true, false, false]) == nil)
        #expect(throws: EvaluationError.self) { try CorrelatedAreas(first: [1, 2], second: [1], truths: [true, false]) }
        #expect(throws: EvaluationError.self) { try CorrelatedAreas(first: [1, .nan], second: [1, 2], truths: [true, false]) }
    }
}
