import Datasets
import Findings
import Foundation
import ModelGraph
import Phantoms
import PleuraTesting
import Radiographs
import Testing
import Training
import TrainingExamples
import TrainingSettings
import Weights

/// Small trainings that end in a second or two.
enum SmallTraining {
    static let decoders = DrawnPictures.decoders

    static func configuration(steps: Int, side: Int = 128) -> TrainingConfiguration {
        var configuration = TrainingConfiguration(name: "test", inputSide: side)
        configuration.loop.steps = steps
        configuration.loop.batchSize = 2
        configuration.sampling.normalShare = 0
        configuration.schedule.warmUpSteps = 2
        configuration.loop.checkpointInterval = 2
        configuration.loop.precision = .f32
        configuration.loop.threads = 1
        return configuration
    }

    static func dataset(_ folder: TemporaryFolder, count: Int = 8) throws -> Dataset {
        try PhantomGenerator(seed: 5, side: 256).writeDataset(count: count, to: folder.file("phantoms")) { _ in }
    }

    static func training(_ dataset: Dataset, _ configuration: TrainingConfiguration) -> TrainingRun {
        TrainingRun(configuration: configuration, dataset: dataset, decoders: decoders)
    }

    static func run(
        _ dataset: Dataset, _ configuration: TrainingConfiguration, in folder: URL, resume: Bool = false,
        watch: (TrainingEvent) throws -> Void = { _ in }
    ) throws -> URL {
        try training(dataset, configuration).run(in: folder, resume: resume, report: watch)
    }

    static func weights(_ folder: URL) throws -> [String: NumericArray] {
        try WeightFile(contentsOf: folder.appendingPathComponent("weights/last.safetensors")).arrays
    }

    /// A column of a run's table, without its header.
    static func column(_ name: String, of run: URL, file: String = "steps.csv") throws -> [String] {
        let text = try String(contentsOf: run.appendingPathComponent(file), encoding: .utf8)
        let rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let place = try #require(rows.first?.firstIndex(of: name))
        return rows.dropFirst().map { $0[place] }
    }
}
