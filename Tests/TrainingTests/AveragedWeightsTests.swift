import Datasets
import Foundation
import ModelGraph
import PleuraTesting
import Testing
import Training
import TrainingSettings
import Weights

/// The model as the mean of the weights at the last validations.
@Suite(.serialized) struct AveragedWeightsTests {
    private static func configuration(steps: Int, averaged: Int, interval: Int = 1) -> TrainingConfiguration {
        var configuration = SmallTraining.configuration(steps: steps)
        configuration.loop.averagedValidations = averaged
        configuration.loop.checkpointInterval = 1
        configuration.validation.interval = interval
        return configuration
    }

    private static func best(_ run: URL) throws -> [String: NumericArray] {
        try WeightFile(contentsOf: run.appendingPathComponent("weights/best.safetensors")).arrays
    }

    /// The moving average in the checkpoint, by the parameters' names.
    private static func average(_ run: URL) throws -> [String: NumericArray] {
        try SmallTraining.weights(run).reduce(into: [:]) {
            if $1.key.hasPrefix("average/") { $0[String($1.key.dropFirst("average/".count))] = $1.value }
        }
    }

    /// The mean of the averages that the checkpoints had at those steps, added up here; running statistics too.
    @Test(arguments: [0, 0.3]) func theModelIsTheMeanOfTheLastValidations(_ share: Double) throws {
        let folder = try TemporaryFolder()
        let run = folder.file("run")
        var configuration = Self.configuration(steps: 7, averaged: 3, interval: 2)
        configuration.validation.share = share
        var averages: [Int: [String: NumericArray]] = [:]
        var messages: [String] = []
        _ = try SmallTraining.run(SmallTraining.dataset(folder, count: 12), configuration, in: run) { event in
            // The checkpoint of the step before.
            if case .step(let step) = event, step.step > 1 { averages[step.step - 1] = try Self.average(run) }
            if case .message(let text) = event { messages.append(text) }
        }
        averages[7] = try Self.average(run)
        #expect(messages.contains("the model is the mean of the averaged weights at the last 3 validations"))
        let used = try [4, 6, 7].map { try #require(averages[$0]) }
        let model = try Self.best(run)
        #expect(Set(model.keys) == Set(used[0].keys))
        var moved = 0
        for (name, array) in model {
            for (index, value) in array.values.enumerated() {
                let numbers = used.compactMap { $0[name]?.values[index] }
                let mean = Float(numbers.reduce(0) { $0 + Double($1) } / 3)
                #expect(numbers.count == 3 && value == mean, "\(name)")
                if numbers[0] != numbers[2], name.hasSuffix("running_variance") { moved += 1 }
            }
        }
        #expect(moved > 0, "statistics are averaged too")
    }

    /// Where nothing is averaged the model is as it was before there was this setting.
    @Test func withoutTheSettingTheLastWeightsAreTaken() throws {
        let folder = try TemporaryFolder()
        let run = folder.file("run")
        _ = try SmallTraining.run(SmallTraining.dataset(folder), Self.configuration(steps: 3, averaged: 0), in: run)
        #expect(try Self.best(run) == Self.average(run))
        #expect(try !SmallTraining.weights(run).keys.contains { $0.hasPrefix("snapshot_") })
    }

    /// A run cut off between two validations and resumed has the same model, to the bit, and the same checkpoint.
    @Test(arguments: [0, 0.3]) func aResumedRunHasTheSameModel(_ share: Double) throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder, count: 12)
        var configuration = Self.configuration(steps: 8, averaged: 3, interval: 2)
        configuration.validation.share = share
        configuration.loop.checkpointInterval = 3
        let whole = folder.file("whole")
        _ = try SmallTraining.run(dataset, configuration, in: whole)
        // Step 8 throws: validations were at 2, 4 and 6, and the checkpoint of step 6 has them.
        struct Interruption: Error {}
        let interrupted = folder.file("interrupted")
        for stop in [5, 8] {
            #expect(throws: Interruption.self) {
                try SmallTraining.run(dataset, configuration, in: interrupted, resume: stop > 5) { event in
                    if case .step(let step) = event, step.step == stop { throw Interruption() }
                }
            }
        }
        let cut = try SmallTraining.weights(interrupted)
        #expect(cut.keys.contains { $0.hasPrefix("snapshot_2/") } && !cut.keys.contains { $0.hasPrefix("snapshot_3/") })
        _ = try SmallTraining.run(dataset, configuration, in: interrupted, resume: true)
        #expect(try Self.best(interrupted) == Self.best(whole))
        #expect(try SmallTraining.weights(interrupted) == SmallTraining.weights(whole))
        // A run that is finished and begun again has the same model too.
        _ = try SmallTraining.run(dataset, configuration, in: interrupted, resume: true)
        #expect(try Self.best(interrupted) == Self.best(whole))
    }
}
