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
        configuration.steps = steps
        configuration.batchSize = 2
        configuration.normalImagesPerBatch = 0
        configuration.warmUpSteps = 2
        configuration.checkpointInterval = 2
        configuration.usesBFloat16 = false
        configuration.threads = 1
        return configuration
    }

    private static func dataset(_ folder: TemporaryFolder) throws -> Dataset {
        try PhantomGenerator(seed: 5, side: 512).writeDataset(count: 8, to: folder.file("phantoms")) { _ in }
    }

    private static func run(
        _ dataset: Dataset, _ configuration: TrainingConfiguration, in folder: URL, resume: Bool = false,
        watch: (TrainingRun.Event) throws -> Void = { _ in }
    ) throws -> URL {
        try TrainingRun(
            configuration: configuration, dataset: dataset, testFold: nil, device: .cpu, startingWeights: nil,
            decoders: DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()])
        ).run(in: folder, resume: resume, report: watch)
    }

    private static func weights(_ folder: URL) throws -> [String: NumericArray] {
        try WeightFile(contentsOf: folder.appendingPathComponent("last.safetensors")).arrays
    }

    @Test func everyStepIsLoggedAndTheBundleIsWhole() throws {
        let folder = try TemporaryFolder()
        let dataset = try Self.dataset(folder)
        let bundle = try Self.run(dataset, Self.configuration(steps: 4), in: folder.file("run"))
        let rows = try String(contentsOf: folder.file("run").appendingPathComponent("results.csv"), encoding: .utf8).split(separator: "\n")
        #expect(rows.dropFirst().map { $0.prefix { $0 != "," } } == ["0", "1", "2", "3"])
        let read = try ModelBundle(directory: bundle)
        #expect(read.labelMap.classes == dataset.findingClasses)
        #expect(read.card.trainingData.images == dataset.images.count)
        #expect(throws: TrainingError.self) { try Self.run(dataset, Self.configuration(steps: 4), in: folder.file("run")) }
    }

    /// The optimiser is given the rates of the configuration's schedule.
    @Test func aScheduleDecidesTheRateOfEveryStep() throws {
        let folder = try TemporaryFolder()
        var configuration = Self.configuration(steps: 4)
        configuration.schedule = .steps(initial: 0.0005, changes: [.init(step: 2, rate: 0.00025)], warmsUp: false)
        _ = try Self.run(try Self.dataset(folder), configuration, in: folder.file("run"))
        let rows = try String(contentsOf: folder.file("run").appendingPathComponent("results.csv"), encoding: .utf8).split(separator: "\n")
        let column = try #require(rows.first?.split(separator: ",").firstIndex(of: "learning_rate"))
        #expect(rows.dropFirst().map { Double($0.split(separator: ",")[column]) } == [0.0005, 0.0005, 0.00025, 0.00025])
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
        configuration.threads = 1
        configuration.usesBFloat16 = false
        let folder = try TemporaryFolder()
        let run = folder.file("run")
        var training = TrainingRun(
            configuration: configuration, dataset: try Self.dataset(folder), testFold: nil, device: .cpu, startingWeights: nil,
            decoders: DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()]))
        #expect(!TrainingRun.hasCheckpoint(in: run))
        _ = try training.run(in: run, resume: false) { _ in }
        #expect(TrainingRun.hasCheckpoint(in: run))
        training.stepsOnResuming = 5
        let bundle = try training.run(in: run, resume: true) { _ in }
        let rows = try String(contentsOf: run.appendingPathComponent("results.csv"), encoding: .utf8).split(separator: "\n")
        let column = try #require(rows.first?.split(separator: ",").firstIndex(of: "learning_rate"))
        // 0.04, 0.06, then 0.08 and half of it, each times 0.001 / 0.08; nothing after the last step of the course but one.
        #expect(rows.dropFirst().map { Double($0.split(separator: ",")[column]) } == [0.0005, 0.00075, 0.001, 0.0005, 0])
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
                if case .step(3, _, _, _, _, _, _) = event { throw Interruption() }
            }
        }
        _ = try Self.run(dataset, Self.configuration(steps: 4), in: interrupted, resume: true)
        #expect(try Self.weights(interrupted) == Self.weights(whole))
    }

    @Test func aLossThatIsNotFiniteStopsWithAClearError() throws {
        let folder = try TemporaryFolder()
        var configuration = Self.configuration(steps: 30)
        configuration.learningRate = 1e30
        configuration.warmUpSteps = 0
        let error = #expect(throws: TrainingError.self) { try Self.run(Self.dataset(folder), configuration, in: folder.file("run")) }
        #expect(error?.code == .notFinite)
        #expect(error?.reason.contains("step") == true)
    }
}
