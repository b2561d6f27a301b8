import Datasets
import Findings
import Foundation
import ModelGraph
import Models
import Networks
import PleuraTesting
import Testing
import Training
import TrainingExamples
import TrainingSettings
import Weights

/// Image-level labels that teach places: attention by labels, and multiple instances.
@Suite(.serialized) struct AttentionTrainingTests {
    /// The last images have labels alone; the first ones a label more than boxes.
    private static func dataset(_ folder: TemporaryFolder, unboxed: Int = 6) throws -> Dataset {
        var dataset = try SmallTraining.dataset(folder, count: 12)
        let names = Dictionary(uniqueKeysWithValues: dataset.findingClasses.map { ($0.id, $0.name) })
        for index in dataset.images.indices {
            dataset.images[index].labels = Set(dataset.images[index].boxes.compactMap { names[$0.classID] }).sorted()
            if index >= 12 - unboxed { dataset.images[index].boxes = [] }
        }
        return dataset
    }

    private static func configuration(steps: Int) -> TrainingConfiguration {
        var configuration = SmallTraining.configuration(steps: steps)
        configuration.loss.unboxed = .ignored
        configuration.sampling.labelledShare = 0.5
        return configuration
    }

    private static func losses(_ name: String, _ run: URL) throws -> [Double] {
        try SmallTraining.column(name, of: run).compactMap(Double.init)
    }

    /// Without a head for whole images the maps of the attention speak for the model, with one they learn beside it.
    @Test func labelsTeachTheAttention() throws {
        let folder = try TemporaryFolder()
        let dataset = try Self.dataset(folder)
        var configuration = Self.configuration(steps: 3)
        configuration.loss.imageWeight = 0.5
        configuration.model.attention = .labels
        let bundle = try SmallTraining.run(dataset, configuration, in: folder.file("maps"))
        let model = try ONNXModel(bytes: Data(contentsOf: bundle.appendingPathComponent("model.onnx")))
        #expect(model.outputNames == ["boxes", "scores", "image_scores"])
        #expect(try ModelBundle(directory: bundle).card.summary.contains("with attention by labels"))
        configuration.model.hasImageHead = true
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("both"))
        configuration.model.attention = .none
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("head"))
        let (maps, both, head) = try (
            Self.losses("image_loss", folder.file("maps"))[0], Self.losses("image_loss", folder.file("both"))[0],
            Self.losses("image_loss", folder.file("head"))[0]
        )
        // Nothing is changed before the first step, so the first losses add up.
        #expect(maps > 0 && head > 0 && abs(both - maps - head) < 1e-4 * both)
        // A gate opens, and the maps move.
        let arrays = try SmallTraining.weights(folder.file("maps"))
        #expect(try #require(arrays["network/attention.labels.gate_0.amount"]).values.contains { $0 != 0 })
    }

    /// A run's weights from before there was attention: the new layers start fresh, and that is told.
    @Test func aRunStartsFromOneWithoutAttention() throws {
        let folder = try TemporaryFolder()
        let dataset = try Self.dataset(folder)
        _ = try SmallTraining.run(dataset, Self.configuration(steps: 1), in: folder.file("old"))
        var configuration = Self.configuration(steps: 1)
        configuration.start = folder.file("old").path
        configuration.model.attention = .coordinate
        var messages: [String] = []
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("new")) {
            if case .message(let text) = $0 { messages.append(text) }
        }
        #expect(messages.contains { $0.contains("not in the file, start fresh: ") && $0.contains("coordinate_0") }, "\(messages)")
    }

    @Test func labelledFindingsWithoutABoxTeachByMultipleInstances() throws {
        let folder = try TemporaryFolder()
        let dataset = try Self.dataset(folder)
        var configuration = Self.configuration(steps: 3)
        configuration.loop.batchSize = 4
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("without"))
        configuration.loss.multipleInstanceWeight = 0.25
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("with"))
        let (without, with) = (folder.file("without"), folder.file("with"))
        let instances = try Self.losses("instance_loss", with)
        #expect(try Self.losses("instance_loss", without) == [0, 0, 0])
        #expect(instances.allSatisfy { $0 > 0 })
        // The first step sees the same network: what is added is the weighted part.
        let added = try Self.losses("loss", with)[0] - Self.losses("loss", without)[0]
        #expect(abs(added - 0.25 * instances[0]) < 1e-4)
    }

    /// Where every label has its box nothing is added, to the bit.
    @Test func whereAllIsBoxedNothingIsAdded() throws {
        let folder = try TemporaryFolder()
        let dataset = try Self.dataset(folder, unboxed: 0)
        var configuration = SmallTraining.configuration(steps: 2)
        configuration.loss.unboxed = .ignored
        // A box that leaves the view is no box any more.
        configuration.augmentation = .none
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("without"))
        configuration.loss.multipleInstanceWeight = 1
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("with"))
        #expect(try Self.losses("instance_loss", folder.file("with")) == [0, 0])
        #expect(try SmallTraining.weights(folder.file("with")) == SmallTraining.weights(folder.file("without")))
    }

    /// Parts of a batch, which processes have too, divide by the amounts of the whole.
    @Test func partsOfABatchAddUp() throws {
        let folder = try TemporaryFolder()
        let dataset = try Self.dataset(folder)
        var configuration = Self.configuration(steps: 1)
        configuration.loop.batchSize = 4
        configuration.loop.normalisation = .frozen
        configuration.loss.imageWeight = 0.5
        configuration.loss.multipleInstanceWeight = 0.5
        configuration.model.attention = .both
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("whole"))
        configuration.loop.accumulation = 4
        _ = try SmallTraining.run(dataset, configuration, in: folder.file("parts"))
        for name in ["loss", "instance_loss", "image_loss", "gradient_norm"] {
            let values = try ["whole", "parts"].map { try Self.losses(name, folder.file($0))[0] }
            #expect(values[0] > 0 && abs(values[0] - values[1]) < 1e-3 * values[0], "\(name): \(values)")
        }
    }
}
