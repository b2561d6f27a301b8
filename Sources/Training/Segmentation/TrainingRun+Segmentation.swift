import Basics
import Datasets
import Domains
import Findings
import Foundation
import ModelGraph
import Models
import Networks
import Radiographs
import RunRecords
import Tensors
import TrainingExamples
import TrainingSettings

extension TrainingRun {
    /// The training of a segmenter: the loop, the checkpoints and the folder of every other run, with masks in place of boxes.
    func runSegmentation(
        in run: RunFolder, former: RunEnvironment?, settings written: TrainingConfiguration, resume: Bool,
        report: (TrainingEvent) throws -> Void
    ) throws -> URL {
        var settings = written
        let isGoingOn = resume && Self.hasCheckpoint(in: run.url)
        if isGoingOn, former == nil {
            throw TrainingError(.run, "\(run.url.path): environment.json is not there or damaged, so which fold it leaves out is not known")
        }
        let task = SegmentationTask(
            segmenter: try settings.model.makeSegmenter(structures: AnatomyBits.all.count, seed: settings.loop.seed))
        if !isGoingOn { try loadStart(settings, into: task.segmenter, report: report) }
        let split = try maskSplit(settings)
        try run.lay()
        let lock = isFirst ? try RunLock(run.url) : nil
        defer { lock?.release() }
        if isFirst { run.removeLeftovers() }
        if isFirst, !isGoingOn { try run.write(settings) }

        try report(.message(settings.loop.precisionText))
        try report(.message("reading \(split.training.count) images with masks"))
        let pictures = try readPictures(split.training, of: dataset, settings, report: report)
        let (further, proposed) = try readProposed(split, settings, report: report)
        let preprocessing = settings.wholePreprocessing
        if settings.segmentation.phantomShare > 0, settings.segmentation.phantoms > 0 {
            try report(.message("drawing \(settings.segmentation.phantoms) chests"))
        }
        let drawn =
            settings.segmentation.phantomShare > 0
            ? try SegmentationSource.phantoms(
                settings.segmentation.phantoms, seed: settings.loop.seed, preprocessing: preprocessing, side: 2 * settings.model.inputSide)
            : []
        let source = try SegmentationSource(
            pictures: pictures.map(\.picture), drawn: drawn, proposed: proposed.map(\.picture), settings: settings.segmentation,
            augmentation: settings.augmentation,
            preprocessing: preprocessing, batchSize: settings.loop.batchSize, side: settings.model.inputSide, seed: settings.loop.seed)
        if settings.loop.epochs > 0 {
            settings.loop.steps = max(1, Int((settings.loop.epochs * Double(source.stepsPerEpoch)).rounded(.up)))
        }

        let trainer = try Trainer(task: task, configuration: settings, device: device, processes: processes)
        var progress = Checkpoint.Progress()
        let digest = Self.digest(dataset.digest(ofMasked: split.training), further?.digest(ofMasked: proposed.map(\.image)))
        if isGoingOn {
            guard former?.dataDigest == digest else {
                throw TrainingError(.run, "\(run.url.path): the images or masks are not those that this run began with")
            }
            progress = try Checkpoint.restore(from: run.checkpointFile, into: trainer)
            guard progress.step <= settings.loop.steps else {
                throw TrainingError(
                    .run, "\(run.url.path): \(progress.step) steps are done; it cannot go on to step \(settings.loop.steps)")
            }
            if isFirst { try run.write(written) }
            try report(.message("going on at step \(progress.step), with the settings that it was begun with"))
        } else if isFirst {
            let environment = RunEnvironment(
                device: device, loop: settings.loop, processes: processes.count, dataDigest: digest, testFold: testFold,
                images: pictures.count + proposed.count, boxes: 0)
            try run.write(environment.json, to: run.environmentFile)
        }
        let predictor = SegmentationPredictor(
            reader: ImageReader(dataset: dataset, decoders: decoders, preprocessing: preprocessing), device: device,
            usesBFloat16: settings.loop.usesBFloat16)
        let loop = TrainingLoop(
            run: run, settings: settings, source: source, trainer: trainer,
            validator: split.validation.isEmpty ? nil : SegmentationValidator(predictor: predictor, images: split.validation),
            processes: processes, shouldStop: shouldStop)
        try loop.go(from: &progress, report: report)

        guard isFirst else {
            try processes.barrier()
            return run.bundleFolder
        }
        let weights = try loop.finalWeights()
        try Checkpoint.writeWeights(weights, architecture: task.network.architecture, to: run.bestFile)
        let finished = try task.segmenter.untrainedCopy(seed: settings.loop.seed)
        try finished.load(weights)
        let images = (pictures + proposed).map(\.image)
        let bundle = try exportSegmenter(finished, images: images, digest: digest, settings: settings, to: run.bundleFolder)
        if !split.test.isEmpty {
            try report(.message("masks of \(split.test.count) images of fold \(testFold ?? 0)"))
            try finished.move(to: device)
            try finishTest(of: finished, split.test, predictor, run) { try report(.message($0)) }
        }
        try processes.barrier()
        return bundle
    }

    /// Images whose masks a former network proposed; none of a patient with whom this run is checked or tested.
    private func readProposed(
        _ split: TrainingSplit, _ settings: TrainingConfiguration, report: (TrainingEvent) throws -> Void
    ) throws -> (dataset: Dataset?, pictures: [(image: DatasetImage, picture: SegmentationPicture)]) {
        let place = settings.segmentation.proposed
        guard place != "none", settings.segmentation.proposedShare > 0 else { return (nil, []) }
        let further: Dataset
        do {
            further = try Self.masked(Dataset.read(directory: URL(fileURLWithPath: place)))
        } catch {
            throw TrainingError(.missing, "segmentation.proposed: \(place): \(error)")
        }
        let kept = Set((split.validation + split.test).map(\.patient))
        let images = further.images.filter { !kept.contains($0.patient) }
        guard !images.isEmpty else { throw TrainingError(.noImages, "segmentation.proposed: \(place) has no image with a mask") }
        try report(.message("reading \(images.count) images with proposed masks"))
        return (further, try readPictures(images, of: further, settings, report: report))
    }

    private static func digest(_ own: String, _ further: String?) -> String {
        further.map { Digest(of: Data("\(own)\n\($0)\n".utf8)).hexadecimal } ?? own
    }

    private static func masked(_ dataset: Dataset) -> Dataset {
        var masked = dataset
        masked.images = dataset.images.filter { FileManager.default.fileExists(atPath: dataset.maskURL(of: $0).path) }
        return masked
    }

    /// Images with a mask; no patient is in two parts.
    private func maskSplit(_ settings: TrainingConfiguration) throws -> TrainingSplit {
        var masked = Self.masked(dataset)
        guard !masked.images.isEmpty else {
            throw TrainingError(
                .noImages, "the dataset has no masks/ to learn from; pleura dataset import --masks and pleura phantom --masks make some")
        }
        // What is found on an image is nothing to a segmenter: every image with a mask can be learnt from.
        for index in masked.images.indices { (masked.images[index].boxes, masked.images[index].labels) = ([], nil) }
        return try TrainingSplit(
            dataset: masked, testFold: testFold, share: settings.validation.share, usesImageLabels: true, validatesImageLabels: true,
            seed: settings.loop.seed)
    }

    private func readPictures(
        _ images: [DatasetImage], of dataset: Dataset, _ settings: TrainingConfiguration, report: (TrainingEvent) throws -> Void
    ) throws -> [(image: DatasetImage, picture: SegmentationPicture)] {
        let (decoders, preprocessing) = (decoders, settings.wholePreprocessing)
        let side = 2 * settings.model.inputSide
        let results = Concurrent.map(images.count, stretch: 1) { index in
            Result {
                let pixels = try decoders.decode(dataset.encodedImage(of: images[index])).pixels
                guard let bytes = try? Data(contentsOf: dataset.maskURL(of: images[index])) else {
                    throw RadiographError(.unreadable, "its mask cannot be opened")
                }
                let mask = try AnatomyBits.read(png: bytes)
                guard mask.width == pixels.width else {
                    throw RadiographError(.unsupported, "its mask is \(mask.width) x \(mask.height), and it is not")
                }
                return try SegmentationPicture(pixels, bits: mask.bits, preprocessing: preprocessing, side: side)
            }
        }
        var pictures: [(image: DatasetImage, picture: SegmentationPicture)] = []
        for (image, result) in zip(images, results) {
            switch result {
            case .success(let picture): pictures.append((image, picture))
            case .failure(let error): try report(.message("\(image.fileName): \(error)"))
            }
        }
        return pictures
    }

    /// The left-out fold's masks, and how well they agree with those of the dataset.
    private func finishTest(
        of segmenter: Segmenter, _ images: [DatasetImage], _ predictor: SegmentationPredictor, _ run: RunFolder,
        report: (String) throws -> Void
    ) throws {
        let pairs = try predictor.pairs(of: images, by: segmenter, report: report)
        let folder = run.url.appendingPathComponent(Dataset.masksFolder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for pair in pairs {
            let png = try AnatomyBits.png(pair.said, width: pair.image.width, height: pair.image.height)
            try run.write(png, to: folder.appendingPathComponent(pair.image.stem + ".png"))
        }
        let overlap = MaskOverlap(split: "fold \(testFold ?? 0)", pairs: pairs.map { ($0.said, $0.read) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try run.write(encoder.encode(overlap), to: run.scoresFile)
        for (name, figure) in overlap.structures.sorted(by: { $0.key < $1.key }) {
            try report(
                String(format: "%@: Dice %.4f, IoU %.4f, lowest Dice %.4f", name, figure.dice, figure.iou, figure.lowestDice))
        }
    }

    private func exportSegmenter(
        _ segmenter: Segmenter, images: [DatasetImage], digest: String, settings: TrainingConfiguration, to folder: URL
    ) throws -> URL {
        let version = "1.0.0"
        var onnx = try segmenter.onnxModel(description: "Pleura \(settings.name), research use only", version: version)
        onnx.storeWeightsInHalfPrecision { _ in true }
        let folds = Set(dataset.folds.values)
        let patients = Set(images.map(\.patient))
        var card = ModelCard(
            name: settings.name, version: version,
            summary: "\(settings.model.title) for lungs, heart and clavicles, learnt from masks; starting weights: \(settings.startName).",
            architecture: segmenter.architecture, inputSide: segmenter.inputSide, preprocessing: settings.wholePreprocessing,
            trainingData: ModelCard.TrainingData(
                description: dataDescription, licence: dataLicence, digest: digest, images: images.count, boxes: 0,
                patients: patients.count, folds: testFold.map { folds.subtracting([$0]).sorted() } ?? folds.sorted(),
                patientDigests: PatientDigests(of: patients, salt: digest).text),
            scoreThreshold: 0.5, domain: domain,
            intendedUse: """
                Says where lungs, heart and clavicles are on frontal chest radiographs of adults, for places of findings and the \
                cardiothoracic ratio, in research. Not for diagnosis or any decision on a patient.
                """, notice: domain.notice)
        card.kind = ModelCard.segmentation
        let classes = AnatomyBits.names.enumerated().map { FindingClass(id: $0 + 1, name: $1) }
        try ModelBundle.write(to: folder, onnx: onnx.bytes(), labelMap: LabelMap(classes), card: card)
        return folder
    }
}
