import AnnotationFormats
import Datasets
import Evaluation
import Findings
import Foundation
import Interchange
import Models
import Networks
import Phantoms
import PleuraTesting
import Radiographs
import TableFormats
import Testing
import Training
import TrainingExamples
import TrainingSettings

/// Whether a training learns at all, from what it draws and from real radiographs.
@Suite(.serialized) struct LearningTests {
    private static let decoders = DrawnPictures.decoders

    /// mAP50 of what a finished run says of images.
    private static func map50(_ run: TrainingRun, _ folder: URL, on dataset: Dataset, images: [DatasetImage]) throws -> Double {
        let detections = try run.predictions(ofRunIn: folder, on: images, of: dataset)
        let evaluated = zip(images, detections).map { EvaluatedImage($0, findingClasses: dataset.findingClasses, detections: $1) }
        return DetectionEvaluation(images: evaluated, classCount: dataset.findingClasses.count).coco.averagePrecision50.value ?? 0
    }

    /// From random numbers, on drawn radiographs, in at most 90 seconds of training on two cores; scored on others, where the places that
    /// findings usually have say little.
    @Test func phantomsAreLearntFromNothing() throws {
        let folder = try TemporaryFolder()
        let seen = try PhantomGenerator(seed: 21, side: 512).writeDataset(count: 480, to: folder.file("seen")) { _ in }
        let unseen = try PhantomGenerator(seed: 22, side: 512).writeDataset(count: 160, to: folder.file("unseen")) { _ in }

        let run = TrainingRun(configuration: try Self.phantomConfiguration(), dataset: seen, decoders: Self.decoders)
        _ = try run.run(in: folder.file("run"), resume: false) { _ in }
        let reached = try Self.map50(run, folder.file("run"), on: unseen, images: unseen.images)

        func truth(_ dataset: Dataset) -> [EvaluatedImage] {
            dataset.images.map { EvaluatedImage($0, findingClasses: dataset.findingClasses) }
        }
        let usual = ClassPriorBoxes(learntFrom: truth(seen), classCount: seen.findingClasses.count).applied(to: truth(unseen))
        let control = DetectionEvaluation(images: usual, classCount: unseen.findingClasses.count).coco.averagePrecision50.value ?? 0
        #expect(reached >= 0.5)
        #expect(control < 0.15)
    }

    private static func phantomConfiguration() throws -> TrainingConfiguration {
        try ConfigurationFile.configuration(
            text: """
                extends: retina-resnet18
                start: none
                model: {input_side: 256, channels: 64, depth: 1, levels: 4}
                optimiser: {learning_rate: 0.001, backbone_rate_factor: 1}
                schedule: {warm_up_steps: 20}
                loop: {steps: 380, batch_size: 4, average_decay: 0.98}
                sampling: {normal_share: 0}
                cache: {side: 256}
                augmentation: {geometry: {scale_low: 0.9, scale_high: 1.1, aspect: 0}, grey: {gamma: 0.1, contrast: 0.1, brightness: 0.03}}
                """, file: "phantoms")
    }

    /// Eight radiographs, seen again and again without any change, are known by heart: whatever stands between a box in a file and a
    /// score would show here.
    @Test(.enabled(if: Repository.realData != nil, "the real images are not here"))
    func eightRealImagesAreLearntByHeart() throws {
        let folder = try TemporaryFolder()
        let source = try AnnotationSource(#require(Repository.realData).appendingPathComponent("nih-boxes"))
        var dataset = try DatasetImporter().importDataset(source, format: NIHFormat(), to: folder.file("dataset")).dataset
        // One image a finding.
        dataset.images = dataset.findingClasses.compactMap { finding in
            dataset.images.first { $0.boxes.count == 1 && $0.boxes[0].classID == finding.id }
        }
        #expect(dataset.images.count == 8)
        var configuration = TrainingConfiguration(name: "by heart", inputSide: 192)
        configuration.augmentation = .none
        configuration.loop.steps = 150
        configuration.loop.batchSize = 8
        configuration.loop.averageDecay = 0
        configuration.optimiser.backboneRateFactor = 1
        configuration.optimiser.learningRate = 2e-3
        configuration.schedule.warmUpSteps = 10
        configuration.sampling.normalShare = 0
        let run = TrainingRun(configuration: configuration, dataset: dataset, decoders: Self.decoders)
        _ = try run.run(in: folder.file("run"), resume: false) { _ in }
        #expect(try Self.map50(run, folder.file("run"), on: dataset, images: dataset.images) > 0.95)
    }
}
