import Basics
import Datasets
import Domains
import Evaluation
import Findings
import Foundation
import Models
import Networks
import Radiographs
import RunRecords
import Tensors
import TrainingExamples
import TrainingSettings

/// A whole training from a dataset to a model bundle.
public struct TrainingRun {
    public var configuration: TrainingConfiguration
    public var dataset: Dataset
    /// The fold that is left out; every other image of the dataset is learnt from. A run that goes on leaves out what it was begun with.
    public var testFold: Int?
    public var device: Device
    public var decoders: DecoderRegistry
    /// The kind of image; a run that goes on keeps the one it was begun with.
    public var domain = Domain.chestRadiograph
    /// Where weights lie that the configuration's `start` names.
    public var findWeights: @Sendable (String) throws -> URL
    /// How far a run that goes on goes, in steps from its beginning; `nil` as far as it was begun for. Its other settings stay as they
    /// were.
    public var stepsOnResuming: Int?
    /// Asked after every step: a run that is to stop writes a checkpoint and throws `TrainingError` of code `stopped`; `nil` where nothing asks.
    public var shouldStop: (@Sendable () -> Bool)?
    /// Those that train together, each started with the same command; the first writes.
    public var processes: any ProcessGroup = SingleProcess()
    /// Whether every weight of the network must come from `start`: what goes on learning must be the model that it goes on from.
    public var requiresWholeStart = false
    /// Whether the left-out fold is predicted at the end.
    public var predictsTestFold = false
    /// What the card says of the data.
    public var dataDescription = "a dataset that nobody described"
    public var dataLicence = "not known"

    public init(
        configuration: TrainingConfiguration, dataset: Dataset, testFold: Int? = nil, device: Device = .cpu, decoders: DecoderRegistry,
        findWeights: @escaping @Sendable (String) throws -> URL = StartingWeights.find
    ) {
        self.configuration = configuration
        self.dataset = dataset
        self.testFold = testFold
        self.device = device
        self.decoders = decoders
        self.findWeights = findWeights
    }

    /// Is there a run in the folder to go on with?
    public static func hasCheckpoint(in folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(RunFolder.checkpointName).path)
    }

    /// Trains, or goes on where the run in `folder` was cut off.
    /// - Parameter report: Told of every step; what it throws stops the run, which can be resumed from its last checkpoint.
    /// - Returns: The bundle's folder; for a pretraining, the file of its weights.
    /// - Throws: `TrainingError`, `TensorError`, `NetworkError`, `ModelGraphError`, `DatasetError`.
    public func run(in folder: URL, resume: Bool, report: (TrainingEvent) throws -> Void) throws -> URL {
        // What the card will say; better told now than after the last step.
        try SettingRange.refuse(
            SettingRange.fault("the description of the data", line: dataDescription, count: 0...10_000),
            SettingRange.fault("the licence of the data", line: dataLicence, count: 0...10_000))
        // Unknown is not negative: better refused now than learnt.
        try dataset.requireSoundSources()
        let run = RunFolder(url: folder)
        let former = resume ? run.environment : nil
        if let former, former.testFold != testFold {
            // Another fold would be learnt from after all, and the figures on it would be of no worth.
            guard testFold == nil else {
                let kept = former.testFold.map { "leaves out fold \($0)" } ?? "learns from every fold"
                throw TrainingError(.run, "\(run.url.path) \(kept); it cannot go on with another fold left out")
            }
            var same = self
            same.testFold = former.testFold
            return try same.run(in: folder, resume: resume, report: report)
        }
        if former != nil, case let begun = try Self.domain(of: run), begun != domain {
            var same = self
            same.domain = begun
            return try same.run(in: folder, resume: resume, report: report)
        }
        let decoders = domain.decoders(decoders)
        let formerSettings = resume ? try run.configuration() : nil
        var settings = try beginning(of: run, from: formerSettings)
        let written = settings
        Engine.setThreads(settings.loop.threadCount)
        Engine.seed(settings.loop.seed)
        if settings.model.family == .segmenter {
            return try runSegmentation(in: run, former: former, settings: settings, resume: resume, report: report)
        }

        // Before a thousand images are read for nothing: what it starts from may not be there.
        let task = try makeTask(settings)
        // A run that was cut off before its first checkpoint begins anew, from its start.
        let isGoingOn = resume && Self.hasCheckpoint(in: folder)
        if isGoingOn, former == nil {
            // Which fold was left out stands there; without it the run could learn from that fold after all.
            throw TrainingError(.run, "\(run.url.path): environment.json is not there or damaged, so which fold it leaves out is not known")
        }
        if resume, !isGoingOn {
            guard !run.isFinished else {
                throw TrainingError(.run, "\(run.url.path) holds a finished run and no checkpoint to go on from; name another folder")
            }
            try report(.message("there is no checkpoint yet: beginning anew"))
        }
        if !isGoingOn { try loadStart(settings, into: task.network, report: report) }

        // Only now: a run that cannot begin leaves no folder behind.
        try run.lay()
        let lock = isFirst ? try RunLock(folder) : nil
        defer { lock?.release() }
        if isFirst { run.removeLeftovers() }
        if isFirst, !isGoingOn {
            try run.write(settings)
            try writeDomain(to: run)
        }

        let split = try self.split(settings)
        try report(.message(settings.loop.precisionText))
        if domain != .chestRadiograph { try report(.message("domain: \(domain.name), \(domain.subject)")) }
        try report(.message("reading \(split.training.count) images"))
        let store = try ExampleStore(
            dataset: dataset, images: split.training, decoders: decoders, preprocessing: settings.wholePreprocessing,
            side: settings.cache.side, budget: settings.cache.memory << 20, scratchFolder: folder,
            needsBoxes: settings.model.family != .classifier, channels: domain.channels, shortestSide: shortestSide
        ) { try report(.reading(done: $0, total: $1)) }
        for line in store.failures + store.warnings + dataset.sourceNotes { try report(.message(line)) }
        if settings.augmentation.copyPaste.probability > 0, store.normal.isEmpty {
            try report(.message("warning: copy-paste has no image without findings to put one on"))
        }
        // What could not be read was not learnt from, and the card does not say that it was.
        let learnt = split.training.filter { store.names.contains($0.fileName) }
        // Before the training: pictures that are all black are no use to it either.
        let gates = try settings.model.family == .classifier ? nil : gates(store)
        let source = BatchSource(
            store: store, sampling: settings.sampling, augmentation: settings.augmentation, preprocessing: settings.wholePreprocessing,
            batchSize: settings.loop.batchSize, side: settings.model.inputSide, mirror: domain.mirror, seed: settings.loop.seed)
        if settings.loop.epochs > 0 {
            settings.loop.steps = max(1, Int((settings.loop.epochs * Double(source.stepsPerEpoch)).rounded(.up)))
        }

        let trainer = try Trainer(task: task, configuration: settings, device: device, processes: processes)
        var progress = Checkpoint.Progress()
        if isGoingOn {
            if let former, former.dataDigest != dataset.digest(of: split.training) {
                // Patients whom it has learnt from may now be among those it is tested on.
                throw TrainingError(
                    .run,
                    "\(run.url.path): the images or boxes are not those that this run began with; go on with those, or begin another run "
                        + "with --start \(run.url.path)")
            }
            progress = try Checkpoint.restore(from: run.checkpointFile, into: trainer)
            guard progress.step <= settings.loop.steps else {
                throw TrainingError(
                    .run, "\(run.url.path): \(progress.step) steps are done; it cannot go on to step \(settings.loop.steps)")
            }
            if isFirst, written != formerSettings { try run.write(written) }
            try report(.message("going on at step \(progress.step), with the settings that it was begun with"))
        } else if isFirst {
            let environment = RunEnvironment(
                device: device, loop: settings.loop, processes: processes.count, dataDigest: dataset.digest(of: split.training),
                testFold: testFold, images: learnt.count, boxes: learnt.reduce(0) { $0 + $1.boxes.count })
            try run.write(environment.json, to: run.environmentFile)
            try pictures(run).drawLabels(split.training)
            try pictures(run).drawTrainingBatches(source)
        }
        let loop = TrainingLoop(
            run: run, settings: settings, source: source, trainer: trainer, validator: validator(settings, split.validation),
            processes: processes, shouldStop: shouldStop)
        try loop.go(from: &progress, report: report)

        guard isFirst else {
            try processes.barrier()
            return run.bundleFolder
        }
        let weights = try loop.finalWeights()
        let averaged = trainer.snapshots.arrays.count
        if averaged > 0 { try report(.message("the model is the mean of the averaged weights at the last \(averaged) validations")) }
        try Checkpoint.writeWeights(weights, architecture: task.network.architecture, to: run.bestFile)
        guard let detector = task.network as? any DetectionNetwork, let gates else {
            try processes.barrier()
            return run.bestFile
        }
        let finished = try detector.untrainedCopy(seed: settings.loop.seed)
        try finished.load(weights)
        let bundle = try exportBundle(of: finished, gates: gates, images: learnt, settings: settings, to: run.bundleFolder)
        if !split.validation.isEmpty {
            try finished.move(to: device)
            try finishValidation(of: finished, split.validation, settings, run) { try report(.message($0)) }
        }
        if predictsTestFold, !split.test.isEmpty {
            try report(.message("predicting \(split.test.count) images of fold \(testFold ?? 0)"))
            try finished.move(to: device)
            let detections = try predictor(settings).detections(of: split.test, by: finished) { try report(.message($0)) }
            try RunPredictions.write(detections, of: split.test, dataset: dataset, to: run.predictionsFile)
        }
        try processes.barrier()
        return bundle
    }

    var isFirst: Bool { processes.rank == 0 }

    func split(_ settings: TrainingConfiguration) throws -> TrainingSplit {
        try TrainingSplit(
            dataset: dataset, testFold: testFold, share: settings.validation.share,
            usesImageLabels: settings.learnsFromImageLabels || (!dataset.sources.isEmpty && settings.sampling.labelledShare > 0),
            validatesImageLabels: settings.model.family == .classifier, seed: settings.loop.seed)
    }

    /// The settings of a new run, or those that a run began with which goes on.
    private func beginning(of run: RunFolder, from former: TrainingConfiguration?) throws -> TrainingConfiguration {
        let settings = try fitted(configuration).validated()
        guard var former else {
            try run.checkIsFree()
            return settings
        }
        guard let stepsOnResuming, stepsOnResuming != former.loop.steps else { return former }
        former.loop.steps = stepsOnResuming
        former.loop.epochs = 0
        return try former.validated()
    }

    private func makeTask(_ settings: TrainingConfiguration) throws -> any LearningTask {
        let count = dataset.findingClasses.count
        let wanted = settings.loss.imageFindings
        let names = dataset.findingClasses.map(\.name)
        try check(wanted, of: "loss.image_findings")
        try check(settings.augmentation.copyPaste.findings, of: "augmentation.copy_paste.findings")
        let learns = names.map { wanted.isEmpty || wanted.contains($0) }
        if settings.model.family == .classifier {
            return ClassificationTask(
                classifier: try settings.model.makeClassifier(
                    classCount: count, seed: settings.loop.seed, inputChannels: domain.channels), learnsImageFinding: learns)
        }
        return DetectionTask(
            detector: try settings.model.makeDetector(
                classCount: count, seed: settings.loop.seed, inputChannels: domain.channels), loss: settings.loss.detectionLoss,
            assigner: settings.model.makeAssigner(), imageWeight: settings.loss.imageWeight, learnsImageFinding: learns,
            instanceWeight: settings.loss.multipleInstanceWeight, unboxed: settings.loss.unboxed)
    }

    /// - Throws: `TrainingError` where the dataset lacks one of the findings that a setting names.
    private func check(_ wanted: [String], of key: String) throws {
        let names = dataset.findingClasses.map(\.name)
        for name in wanted where !names.contains(name) {
            let near = name.nearest(among: names).map { "; the nearest is \($0)" } ?? ""
            throw TrainingError(.configuration, "\(key): the dataset has no finding \(name)\(near)")
        }
    }

    /// The start for the whole network; over it the backbone of another, whose own heads are of no use to it.
    func loadStart(_ settings: TrainingConfiguration, into network: any Network, report: (TrainingEvent) throws -> Void) throws {
        if settings.start != "none" {
            let loaded = try StartingWeights.load(startFile(settings.start), into: network)
            for line in loaded.lines { try report(.message(line)) }
            if requiresWholeStart, let first = loaded.missing.first ?? loaded.mismatched.first.map({ "\($0)" }) {
                throw TrainingError(
                    .configuration,
                    "\(settings.startName) is not a network of this recipe: it lacks \(first); name the recipe that it was made by with --config"
                )
            }
        }
        if settings.backboneStart != "none" {
            let loaded = try StartingWeights(contentsOf: startFile(settings.backboneStart)).load(into: network.backbone)
            for line in loaded.lines { try report(.message("backbone: \(line)")) }
        }
    }

    private func startFile(_ start: String) throws -> URL {
        let file: URL
        do {
            file = try findWeights(start)
        } catch {
            let name = start.split(separator: "/").last.map(String.init) ?? start
            guard let preset = Preset.all.first(where: { $0.name == name }) else { throw error }
            throw TrainingError(
                .missing, "there is no \(start) to start from; the preset \(preset.name) makes it, or give --start another place")
        }
        // Another run's folder stands for the weights it ended with.
        let best = file.appendingPathComponent(RunFolder.bestName)
        if FileManager.default.fileExists(atPath: best.path) { return best }
        // A bundle's folder for its network.
        let network = file.appendingPathComponent("model.onnx")
        return FileManager.default.fileExists(atPath: network.path) ? network : file
    }

    private func predictor(_ settings: TrainingConfiguration) -> Predictor {
        Predictor(
            reader: ImageReader(dataset: dataset, decoders: domain.decoders(decoders), preprocessing: settings.wholePreprocessing),
            device: device,
            usesBFloat16: settings.loop.usesBFloat16)
    }

    private func pictures(_ run: RunFolder) -> RunPictures { RunPictures(run: run, findingClasses: dataset.findingClasses) }

    /// The validation's predictions, its figures with their intervals, and its pictures.
    private func finishValidation(
        of network: any DetectionNetwork, _ images: [DatasetImage], _ settings: TrainingConfiguration, _ run: RunFolder,
        report: (String) throws -> Void
    ) throws {
        let detections = try predictor(settings).detections(of: images, by: network, report: report)
        let coverage = SourceCoverage(dataset)
        let evaluated = zip(images, detections).map {
            EvaluatedImage($0, findingClasses: dataset.findingClasses, detections: $1, coverage: coverage)
        }
        try RunPredictions.write(detections, of: images, dataset: dataset, to: run.validationPredictionsFile)
        let scores = PooledScores(
            images: evaluated, findingClasses: dataset.findingClasses, split: "validation, patients of the training folds kept apart")
        try run.write(scores.json, to: run.validationScoresFile)
        let shown = images.prefix(48).map { image in
            try? decoders.decode(dataset.encodedImage(of: image)).pixels
        }
        try pictures(run).drawValidation(evaluated, pictures: shown)
    }

    private func validator(_ settings: TrainingConfiguration, _ images: [DatasetImage]) -> (any Validator)? {
        guard !images.isEmpty else { return nil }
        if settings.model.family == .classifier {
            return ClassificationValidator(
                predictor: predictor(settings), images: images, findingClasses: dataset.findingClasses, coverage: SourceCoverage(dataset))
        }
        return DetectionValidator(
            predictor: predictor(settings), images: images, findingClasses: dataset.findingClasses, coverage: SourceCoverage(dataset))
    }
}
