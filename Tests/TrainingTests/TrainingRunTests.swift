import Datasets
import Findings
import Foundation
import Geometry
import Migration
import Models
import ObjectDetectionAPI
import PleuraTesting
import Synchronization
import Testing
import Training
import TrainingExamples
import TrainingSettings

@Suite(.serialized) struct TrainingRunTests {
    @Test func everyStepIsLoggedAndTheBundleIsWhole() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let bundle = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 4), in: folder.file("run"))
        #expect(try SmallTraining.column("step", of: folder.file("run")) == ["0", "1", "2", "3"])
        let read = try ModelBundle(directory: bundle)
        #expect(read.labelMap.classes == dataset.findingClasses)
        #expect(read.card.trainingData.images == dataset.images.count)
        #expect(throws: TrainingError.self) {
            try SmallTraining.run(dataset, SmallTraining.configuration(steps: 4), in: folder.file("run"))
        }
    }

    /// A run in pieces, as a machine lent for ten minutes at a time takes it, ends with the weights of one that was not stopped.
    @Test func aRunThatIsAskedToStopGoesOnToTheSameWeights() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let configuration = SmallTraining.configuration(steps: 5)
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("whole"))
        let pieces = folder.file("pieces")
        for (part, stop) in [2, 4].enumerated() {
            let asked = Atomic<Int>(2 * part)
            var training = SmallTraining.training(dataset, configuration)
            training.shouldStop = { asked.add(1, ordering: .relaxed).newValue == stop }
            let error = #expect(throws: TrainingError.self) { try training.run(in: pieces, resume: part > 0) { _ in } }
            #expect(error?.code == .stopped && error?.reason.contains("stopped at step \(stop) of 5; --resume goes on") == true)
            #expect(!FileManager.default.fileExists(atPath: pieces.appendingPathComponent("bundle").path))
        }
        _ = try SmallTraining.run(dataset, configuration, in: pieces, resume: true)
        #expect(try SmallTraining.column("step", of: pieces) == ["0", "1", "2", "3", "4"])
        func weights(_ run: String) throws -> Data {
            try Data(contentsOf: folder.file(run).appendingPathComponent("weights/best.safetensors"))
        }
        #expect(try weights("whole") == weights("pieces"))
    }

    /// The optimiser is given the rates of the configuration's schedule.
    @Test func aScheduleDecidesTheRateOfEveryStep() throws {
        let folder = try TemporaryFolder()
        var configuration = SmallTraining.configuration(steps: 4)
        configuration.schedule.exact = .steps(initial: 0.0005, changes: [.init(step: 2, rate: 0.00025)], warmsUp: false)
        _ = try SmallTraining.run(try SmallTraining.dataset(folder), configuration, in: folder.file("run"))
        #expect(try SmallTraining.column("learning_rate", of: folder.file("run")).map(Double.init) == [0.0005, 0.0005, 0.00025, 0.00025])
    }

    /// A pipeline.config is trained as it says, and a second start with more steps goes on to those, as with model_main_tf2.py.
    @Test func aTranslatedPipelineTrainsAndGoesOnToMoreSteps() throws {
        let text = """
            model { ssd { num_classes: 8 image_resizer { fixed_shape_resizer { height: 128 width: 128 } } } }
            train_config {
              batch_size: 2 num_steps: 2 data_augmentation_options { random_horizontal_flip { } }
              optimizer {
                momentum_optimizer {
                  learning_rate { cosine_decay_learning_rate { learning_rate_base: 0.08 total_steps: 4 warmup_learning_rate: 0.04 warmup_steps: 2 } }
                }
                use_moving_average: false
              }
            }
            """
        var configuration = try PipelineTranslation(PipelineFile(text: text), name: "test").configuration
        configuration.loop.threads = 1
        configuration.loop.precision = .f32
        // Random numbers to start from: nothing here depends on the weights.
        configuration.start = "none"
        let folder = try TemporaryFolder()
        let run = folder.file("run")
        var training = SmallTraining.training(try SmallTraining.dataset(folder), configuration)
        #expect(!TrainingRun.hasCheckpoint(in: run))
        _ = try training.run(in: run, resume: false) { _ in }
        #expect(TrainingRun.hasCheckpoint(in: run))
        training.stepsOnResuming = 5
        let bundle = try training.run(in: run, resume: true) { _ in }
        // 0.04, 0.06, then 0.08 and half of it, each times 0.001 / 0.08; nothing after the last step of the course but one.
        #expect(try SmallTraining.column("learning_rate", of: run).map(Double.init) == [0.0005, 0.00075, 0.001, 0.0005, 0])
        #expect(try ModelBundle(directory: bundle).card.inputSide == 128)
    }

    /// A run cut off after a checkpoint and resumed ends with the weights of one that was not.
    @Test func aResumedRunEndsWithTheSameWeights() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let whole = folder.file("whole")
        _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 4), in: whole)
        // An interruption: the watcher of step 3 throws, after the checkpoint of step 2.
        struct Interruption: Error {}
        let interrupted = folder.file("interrupted")
        #expect(throws: Interruption.self) {
            try SmallTraining.run(dataset, SmallTraining.configuration(steps: 4), in: interrupted) { event in
                if case .step(let step) = event, step.step == 3 { throw Interruption() }
            }
        }
        _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 4), in: interrupted, resume: true)
        #expect(try SmallTraining.weights(interrupted) == SmallTraining.weights(whole))
    }

    /// A run cut off before its first checkpoint begins anew when it goes on, from the weights it was to start from.
    @Test func aRunWithoutACheckpointBeginsAnewFromItsStart() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let start = folder.file("start")
        _ = try SmallTraining.run(dataset, SmallTraining.configuration(steps: 2), in: start)
        var configuration = SmallTraining.configuration(steps: 4)
        configuration.start = start.path
        let whole = folder.file("whole")
        _ = try SmallTraining.run(dataset, configuration, in: whole)
        struct Interruption: Error {}
        let interrupted = folder.file("interrupted")
        #expect(throws: Interruption.self) {
            try SmallTraining.run(dataset, configuration, in: interrupted) { event in
                if case .step(let step) = event, step.step == 1 { throw Interruption() }
            }
        }
        try #require(!TrainingRun.hasCheckpoint(in: interrupted))
        _ = try SmallTraining.run(dataset, configuration, in: interrupted, resume: true)
        #expect(try SmallTraining.weights(interrupted) == SmallTraining.weights(whole))
        #expect(try SmallTraining.column("step", of: interrupted) == ["0", "1", "2", "3"])
    }

    /// A fold that was left out is not learnt from because a word was forgotten when the run went on.
    @Test func aRunThatGoesOnLeavesOutTheFoldItWasBegunWith() throws {
        let folder = try TemporaryFolder()
        let dataset = try SmallTraining.dataset(folder)
        let run = folder.file("run")
        var training = SmallTraining.training(dataset, SmallTraining.configuration(steps: 2))
        training.testFold = 1
        _ = try training.run(in: run, resume: false) { _ in }
        training.stepsOnResuming = 3
        training.testFold = nil
        var messages: [String] = []
        let bundle = try training.run(in: run, resume: true) { if case .message(let text) = $0 { messages.append(text) } }
        let data = try ModelBundle(directory: bundle).card.trainingData
        #expect(data.folds == [0, 2, 3] && data.images == dataset.images.filter { dataset.fold(of: $0) != 1 }.count)
        #expect(!messages.contains { $0.contains("warning") })
        training.testFold = 2
        let error = #expect(throws: TrainingError.self) { try training.run(in: run, resume: true) { _ in } }
        #expect(error?.reason.contains("leaves out fold 1; it cannot go on with another fold left out") == true)
        // Nor does it go on with other boxes than those it began with.
        var changed = dataset
        for index in changed.images.indices where !changed.images[index].boxes.isEmpty { changed.images[index].boxes[0].box.x += 1 }
        training.dataset = changed
        training.testFold = nil
        let other = #expect(throws: TrainingError.self) { try training.run(in: run, resume: true) { _ in } }
        #expect(other?.reason.contains("the images or boxes are not those that this run began with; go on with those") == true)
    }

    @Test func aLossThatIsNotFiniteStopsWithAClearError() throws {
        let folder = try TemporaryFolder()
        var configuration = SmallTraining.configuration(steps: 30)
        // Each step makes every weight a thousand times as large.
        (configuration.optimiser.learningRate, configuration.optimiser.weightDecay) = (100, 10)
        configuration.schedule.warmUpSteps = 0
        let error = #expect(throws: TrainingError.self) {
            try SmallTraining.run(SmallTraining.dataset(folder), configuration, in: folder.file("run"))
        }
        #expect(error?.code == .notFinite)
        #expect(error?.reason.contains("step") == true)
    }
}
