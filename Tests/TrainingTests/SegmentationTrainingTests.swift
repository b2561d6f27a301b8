import Datasets
import Detection
import Findings
import Foundation
import Models
import Phantoms
import PleuraTesting
import Radiographs
import Testing
import Training
import TrainingExamples
import TrainingSettings

@Suite(.serialized) struct SegmentationTrainingTests {
    private static func configuration(steps: Int) throws -> TrainingConfiguration {
        var settings = try ConfigurationFile.read("anatomy")
        settings.model.inputSide = 64
        settings.loop.steps = steps
        settings.loop.batchSize = 8
        settings.segmentation.phantoms = 4
        settings.loop.averageDecay = 0.9  // a run this short would average its start
        settings.validation.interval = steps
        return settings
    }

    private static func training(_ dataset: Dataset, _ settings: TrainingConfiguration, fold: Int? = nil) -> TrainingRun {
        TrainingRun(
            configuration: settings, dataset: dataset, testFold: fold,
            decoders: DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()]))
    }

    /// From masks to a bundle that says where structures are, with a fold left out.
    @Test func aSegmenterIsTrainedAndRuns() throws {
        let folder = try TemporaryFolder()
        let dataset = try PhantomGenerator(seed: 3, side: 512).writeDataset(count: 12, to: folder.file("phantoms"), hasMasks: true)
        let run = folder.file("run")
        let bundle = try Self.training(dataset, Self.configuration(steps: 120), fold: 1).run(in: run, resume: false) { _ in }
        let card = try ModelBundle(directory: bundle)
        #expect(card.card.kind == ModelCard.segmentation && card.labelMap.classes.map(\.name) == AnatomyBits.names)
        #expect(card.card.trainingData.folds == [0, 2, 3])
        let scores = try JSONSerialization.jsonObject(with: Data(contentsOf: run.appendingPathComponent("scores.json"))) as? [String: Any]
        let lungs = (scores?["structures"] as? [String: [String: Double]])?["Lungs"]
        #expect(try #require(lungs?["dice"]) > 0.6)
        #expect(scores?["images"] as? Int == 3)
        let segmenter = try AnatomySegmenter(bundle: card)
        let phantom = PhantomGenerator(seed: 3, side: 512).phantom(0)
        let input = try segmenter.prepare(ReducedImage(phantom.pixels), histogram: nil)
        #expect(try segmenter.maps(input).values.count == 5 * 64 * 64)
        // As a detector it is refused in words.
        #expect(throws: (any Error).self) { try Detector(bundle: card) }
    }

    /// A run in two pieces ends with the weights of one that was not stopped.
    @Test func aRunGoesOnToTheSameWeights() throws {
        let folder = try TemporaryFolder()
        let dataset = try PhantomGenerator(seed: 4, side: 512).writeDataset(count: 4, to: folder.file("phantoms"), hasMasks: true)
        let settings = try Self.configuration(steps: 4)
        _ = try Self.training(dataset, settings).run(in: folder.file("whole"), resume: false) { _ in }
        var shorter = settings
        shorter.loop.steps = 2
        _ = try? Self.training(dataset, shorter).run(in: folder.file("pieces"), resume: false) { event in
            if case .step(let step) = event, step.step == 2 { throw CancellationError() }
        }
        var again = Self.training(dataset, settings)
        again.stepsOnResuming = 4
        _ = try again.run(in: folder.file("pieces"), resume: true) { _ in }
        func weights(_ run: String) throws -> Data {
            try Data(contentsOf: folder.file(run).appendingPathComponent("weights/best.safetensors"))
        }
        #expect(try weights("whole") == weights("pieces"))
    }

    /// Images with proposed masks are learnt from beside the dataset's; those of the left-out patients are not.
    @Test func proposedMasksAreLearntFromToo() throws {
        let folder = try TemporaryFolder()
        let dataset = try PhantomGenerator(seed: 6, side: 512).writeDataset(count: 4, to: folder.file("own"), hasMasks: true)
        let further = try PhantomGenerator(seed: 6, side: 512).writeDataset(count: 8, to: folder.file("further"), hasMasks: true)
        var settings = try Self.configuration(steps: 2)
        let plain = try ModelBundle(
            directory: Self.training(dataset, settings, fold: 1).run(in: folder.file("plain"), resume: false) { _ in })
        settings.segmentation.proposed = further.directory.path
        let both = try ModelBundle(
            directory: Self.training(dataset, settings, fold: 1).run(in: folder.file("both"), resume: false) { _ in })
        let kept = Set(dataset.images.filter { dataset.folds[$0.patient] == 1 }.map(\.patient))
        let allowed = further.images.count { !kept.contains($0.patient) }
        #expect(allowed < 8)
        // Patients that the run is checked with are left out, too.
        let added = both.card.trainingData.images - plain.card.trainingData.images
        #expect(added > 0 && added <= allowed && added >= allowed - 1)
        #expect(both.card.trainingData.digest != plain.card.trainingData.digest)
        settings.segmentation.phantomShare = 0.5
        settings.segmentation.proposedShare = 0.5
        #expect(throws: TrainingError.self) { _ = try settings.validated() }
        settings.segmentation.phantomShare = 0
        settings.segmentation.proposed = folder.file("nowhere").path
        #expect(throws: (any Error).self) {
            try Self.training(dataset, settings, fold: 1).run(in: folder.file("none"), resume: false) { _ in }
        }
    }

    @Test func aDatasetWithoutMasksIsToldSo() throws {
        let folder = try TemporaryFolder()
        let dataset = try PhantomGenerator(seed: 5, side: 512).writeDataset(count: 2, to: folder.file("phantoms"))
        let error = #expect(throws: (any Error).self) {
            try Self.training(dataset, Self.configuration(steps: 1)).run(in: folder.file("run"), resume: false) { _ in }
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("masks/"))
    }
}
