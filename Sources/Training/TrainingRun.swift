import Datasets
import Findings
import Foundation
import ModelGraph
import Models
import Networks
import Radiographs
import Tensors

/// A whole training from a dataset directory to a model bundle.
public struct TrainingRun {
    public var configuration: TrainingConfiguration
    public var dataset: Dataset
    /// The fold that is left out; every other image of the dataset is learnt from.
    public var testFold: Int?
    public var device: Device
    /// The COCO weights to start from; `nil` starts from random numbers.
    public var startingWeights: URL?
    public var decoders: DecoderRegistry
    /// How far a run that goes on goes, in steps from its beginning; `nil` as far as it was begun for. Its other settings stay as they
    /// were.
    public var stepsOnResuming: Int?
    /// What the card says of the data.
    public var dataDescription = "a dataset that nobody described"
    public var dataLicence = "not known"

    public init(
        configuration: TrainingConfiguration, dataset: Dataset, testFold: Int?, device: Device, startingWeights: URL?,
        decoders: DecoderRegistry
    ) {
        self.configuration = configuration
        self.dataset = dataset
        self.testFold = testFold
        self.device = device
        self.startingWeights = startingWeights
        self.decoders = decoders
    }

    /// What a watcher is told.
    public enum Event: Sendable {
        /// One line for a person.
        case message(String)
        case reading(done: Int, total: Int)
        case step(Int, total: Int, epoch: Double, loss: Double, scoreLoss: Double, boxLoss: Double, imagesPerSecond: Double)
    }

    /// Is there a run in the folder to go on with?
    public static func hasCheckpoint(in folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(RunFolder.checkpointName).path)
    }

    /// Trains, or goes on where the run in `folder` was cut off.
    /// - Parameter report: Told of every step; what it throws stops the run, which can be resumed from its last checkpoint.
    /// - Returns: The bundle's folder.
    /// - Throws: `TrainingError`, `TensorError`, `ModelGraphError`.
    public func run(in folder: URL, resume: Bool, report: (Event) throws -> Void) throws -> URL {
        let run = try RunFolder(url: folder)
        var settings = try configuration.validated()
        if resume {
            settings = try run.configuration()
            if let stepsOnResuming, stepsOnResuming != settings.steps {
                settings.steps = stepsOnResuming
                try run.write(settings.validated())
            }
        } else {
            guard !FileManager.default.fileExists(atPath: run.checkpointFile.path) else {
                throw TrainingError(.run, "\(folder.path) holds a run already; go on with --resume, or name another folder")
            }
            try run.write(settings)
        }
        guard case .letterbox(let width, let height, _)? = settings.preprocessing.steps.first(where: \.isLetterbox), width == height else {
            throw TrainingError(.configuration, "this network takes a square input")
        }
        Engine.setThreads(settings.threads)
        Engine.seed(settings.seed)

        let images = try trainingImages()
        try report(.message("reading \(images.count) images"))
        let store = try ExampleStore(
            dataset: dataset, images: images, decoders: decoders, preprocessing: settings.preprocessing, side: settings.cacheSide,
            budget: 2 << 30, scratchFolder: folder
        ) { try report(.reading(done: $0, total: $1)) }
        for line in store.failures + store.warnings { try report(.message(line)) }

        let network = try SSDLite(classCount: dataset.findingClasses.count, inputSide: width, seed: settings.seed)
        if let startingWeights {
            let loaded = try network.loadCOCOWeights(FrozenTensorFlowGraph(contentsOf: startingWeights))
            try report(
                .message(
                    "COCO weights: \(loaded.loaded.count) of \(network.parameters.count) tensors; new: \(loaded.mismatched.count), missing: \(loaded.missing.count)"
                ))
        }
        let trainer = try Trainer(network: network, configuration: settings, device: device)
        var step = 0
        if resume, FileManager.default.fileExists(atPath: run.checkpointFile.path) {
            step = try trainer.restoreCheckpoint(from: run.checkpointFile)
            try report(.message("going on at step \(step)"))
        }
        let source = BatchSource(
            store: store, sampling: Sampling(normalShare: Double(settings.normalImagesPerBatch) / Double(settings.batchSize)),
            augmentation: settings.augmentation, preprocessing: settings.preprocessing, batchSize: settings.batchSize, side: width,
            seed: settings.seed)
        let results = try run.openResults(beforeStep: step)
        defer { try? results.close() }
        if step < settings.steps {
            let batches = BatchPrefetcher(source: source, steps: step..<settings.steps)
            while step < settings.steps {
                let done = try trainer.step(step, batch: batches.take(step: step), stepsPerEpoch: source.stepsPerEpoch)
                for failure in batches.takeNewFailures() { try report(.message(failure)) }
                try results.write(contentsOf: Data(done.row.utf8))
                step += 1
                try report(
                    .step(
                        step, total: settings.steps, epoch: done.epoch, loss: done.loss, scoreLoss: done.scoreLoss, boxLoss: done.boxLoss,
                        imagesPerSecond: done.imagesPerSecond))
                if step % settings.checkpointInterval == 0 || step == settings.steps {
                    try trainer.writeCheckpoint(to: run.checkpointFile, nextStep: step)
                }
            }
        }
        return try exportBundle(trainer: trainer, store: store, images: images, settings: settings, to: run.bundleFolder)
    }

    /// All but those of the fold, or of the parts, that are held out. An image of which only whole-image findings are known is neither
    /// an example of boxes nor of their absence.
    private func trainingImages() throws -> [DatasetImage] {
        let usable = dataset.images.filter { !$0.boxes.isEmpty || $0.isNormal }
        guard let testFold else { return usable.filter { $0.part == nil || $0.part == "train" } }
        let folds = Set(dataset.folds.values)
        guard folds.contains(testFold) else {
            throw TrainingError(
                .configuration, "the dataset has no fold \(testFold), only \(folds.sorted().map(String.init).joined(separator: ", "))")
        }
        return usable.filter { dataset.fold(of: $0) != testFold }
    }
}
