import Datasets
import Findings
import Foundation
import ModelGraph
import Models
import ObjectDetectionAPI
import Radiographs
import Tensors
import TestSupport
import Testing
import Training

@Suite(.serialized) struct TrainingRunTests {
    private static func configuration(steps: Int) -> TrainingConfiguration {
        var configuration = TrainingConfiguration(name: "test", inputSide: 128)
        configuration.loop.steps = steps
        configuration.loop.batchSize = 2
        configuration.sampling.normalShare = 0
        configuration.schedule.warmUpSteps = 2
        configuration.loop.checkpointInterval = 2
        configuration.loop.precision = .f32
        configuration.loop.threads = 1
        return configuration
    }

    private static func dataset(_ folder: TemporaryFolder) throws -> Dataset {
        try PhantomGenerator(seed: 5, side: 256).writeDataset(count: 8, to: folder.file("phantoms")) { _ in }
    }

    private static func training(_ dataset: Dataset, _ configuration: TrainingConfiguration) -> TrainingRun {
        TrainingRun(
            configuration: configuration, dataset: dataset, decoders: DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()]))
    }

    private static func run(
        _ dataset: Dataset, _ configuration: TrainingConfiguration, in folder: URL, resume: Bool = false,
        watch: (TrainingEvent) throws -> Void = { _ in }
    ) throws -> URL {
        try training(dataset, configuration).run(in: folder, resume: resume, report: watch)
    }

    private static func weights(_ folder: URL) throws -> [String: NumericArray] {
        try WeightFile(contentsOf: folder.appendingPathComponent("weights/last.safetensors")).arrays
    }

    /// Each row of a run's table of steps, without its header, and a column of it.
    private static func steps(_ run: URL, column: String = "step") throws -> [String] {
        let text = try String(contentsOf: run.appendingPathComponent("steps.csv"), encoding: .utf8)
        let rows = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        let place = try #require(rows.first?.firstIndex(of: column))
        return rows.dropFirst().map { $0[place] }
    }

    @Test func everyStepIsLoggedAndTheBundleIsWhole() throws {
        let folder = try TemporaryFolder()
        let dataset = try Self.dataset(folder)
        let bundle = try Self.run(dataset, Self.configuration(steps: 4), in: folder.file("run"))
        #expect(try Self.steps(folder.file("run")) == ["0", "1", "2", "3"])
        let read = try ModelBundle(directory: bundle)
        #expect(read.labelMap.classes == dataset.findingClasses)
        #expect(read.card.trainingData.images == dataset.images.count)
        #expect(throws: TrainingError.self) { try Self.run(dataset, Self.configuration(steps: 4), in: folder.file("run")) }
    }

    /// The optimiser is given the rates of the configuration's schedule.
    @Test func aScheduleDecidesTheRateOfEveryStep() throws {
        let folder = try TemporaryFolder()
        var configuration = Self.configuration(steps: 4)
        configuration.schedule.exact = .steps(initial: 0.0005, changes: [.init(step: 2, rate: 0.00025)], warmsUp: false)
        _ = try Self.run(try Self.dataset(folder), configuration, in: folder.file("run"))
        #expect(try Self.steps(folder.file("run"), column: "learning_rate").map(Double.init) == [0.0005, 0.0005, 0.00025, 0.00025])
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
        var training = Self.training(try Self.dataset(folder), configuration)
        #expect(!TrainingRun.hasCheckpoint(in: run))
        _ = try training.run(in: run, resume: false) { _ in }
        #expect(TrainingRun.hasCheckpoint(in: run))
        training.stepsOnResuming = 5
        let bundle = try training.run(in: run, resume: true) { _ in }
        // 0.04, 0.06, then 0.08 and half of it, each times 0.001 / 0.08; nothing after the last step of the course but one.
        #expect(try Self.steps(run, column: "learning_rate").map(Double.init) == [0.0005, 0.00075, 0.001, 0.0005, 0])
        #expect(try ModelBundle(directory: bundle).card.inputSide == 128)
    }

    /// A run cut off after a checkpoint and resumed ends with the weights of one that was not.
    @Test func aResumedRunEndsWithTheSameWeights() throws {
        let folder = try TemporaryFolder()
        let dataset = try Self.dataset(folder)
        let whole = folder.file("whole")
        _ = try Self.run(dataset, Self.configuration(steps: 4), in: whole)
        // An interruption: the watcher of step 3 throws, after the checkpoint of step 2.
        struct Interruption: Error {}
        let interrupted = folder.file("interrupted")
        #expect(throws: Interruption.self) {
            try Self.run(dataset, Self.configuration(steps: 4), in: interrupted) { event in
                if case .step(let step) = event, step.step == 3 { throw Interruption() }
            }
        }
        _ = try Self.run(dataset, Self.configuration(steps: 4), in: interrupted, resume: true)
        #expect(try Self.weights(interrupted) == Self.weights(whole))
    }

    @Test func aLossThatIsNotFiniteStopsWithAClearError() throws {
        let folder = try TemporaryFolder()
        var configuration = Self.configuration(steps: 30)
        configuration.optimiser.learningRate = 1e30
        configuration.schedule.warmUpSteps = 0
        let error = #expect(throws: TrainingError.self) { try Self.run(Self.dataset(folder), configuration, in: folder.file("run")) }
        #expect(error?.code == .notFinite)
        #expect(error?.reason.contains("step") == true)
    }
}
