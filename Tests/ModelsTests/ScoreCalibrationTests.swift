import Foundation
import Models
import Testing

@Suite struct ScoreCalibrationTests {
    private func read(_ json: String) throws -> ScoreCalibration {
        try JSONDecoder().decode(ScoreCalibration.self, from: Data(json.utf8))
    }

    @Test func readsWhatACardSays() throws {
        let platt = try read(#"{"method": "platt", "input": "score", "slope": 2, "intercept": -1}"#)
        #expect(platt.probability(of: 0.5) == 0.5)
        #expect(abs(platt.probability(of: 1) - 1 / (1 + exp(-1.0))) < 1e-15)
        // A logit of ln 3, halved, and back.
        let logit = try read(#"{"method": "platt", "input": "logit", "slope": 0.5, "intercept": 0}"#)
        #expect(abs(logit.probability(of: 0.75) - 3.0.squareRoot() / (1 + 3.0.squareRoot())) < 1e-15)
        #expect(logit.probability(of: 0) > 0 && logit.probability(of: 1) < 1)
        let isotonic = try read(#"{"method": "isotonic", "scores": [0.2, 0.4, 0.8], "probabilities": [0.1, 0.3, 0.3]}"#)
        for (score, probability) in [(0.0, 0.1), (0.2, 0.1), (0.3, 0.2), (0.4, 0.3), (0.6, 0.3), (0.8, 0.3), (1.0, 0.3)] {
            #expect(abs(isotonic.probability(of: score) - probability) < 1e-15)
        }
    }

    @Test func writesItsMethodBesideItsNumbers() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let curve = try #require(PlattScaling(input: .logit, slope: 1.5, intercept: -0.25))
        #expect(
            String(decoding: try encoder.encode(ScoreCalibration.platt(curve)), as: UTF8.self)
                == #"{"input":"logit","intercept":-0.25,"method":"platt","slope":1.5}"#)
        let line = try #require(IsotonicCalibration(scores: [0.25], probabilities: [0.5]))
        #expect(
            String(decoding: try encoder.encode(ScoreCalibration.isotonic(line)), as: UTF8.self)
                == #"{"method":"isotonic","probabilities":[0.5],"scores":[0.25]}"#)
    }

    @Test(arguments: [
        #"{"method": "temperature"}"#,
        #"{"method": "platt", "input": "score", "slope": 0, "intercept": 0}"#,
        #"{"method": "platt", "input": "score", "slope": -1, "intercept": 0}"#,
        #"{"method": "platt", "input": "rank", "slope": 1, "intercept": 0}"#,
        #"{"method": "platt", "input": "score", "slope": 1}"#,
        #"{"method": "isotonic", "scores": [], "probabilities": []}"#,
        #"{"method": "isotonic", "scores": [0.1, 0.2], "probabilities": [0.1]}"#,
        #"{"method": "isotonic", "scores": [0.2, 0.1], "probabilities": [0.1, 0.2]}"#,
        #"{"method": "isotonic", "scores": [0.1, 0.2], "probabilities": [0.2, 0.1]}"#,
        #"{"method": "isotonic", "scores": [0.1, 0.2], "probabilities": [0.2, 1.1]}"#,
    ])
    func refusesACurveThatDoesNotRise(_ json: String) {
        #expect(throws: DecodingError.self) { try read(json) }
    }
}
