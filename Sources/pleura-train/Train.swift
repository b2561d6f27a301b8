import ArgumentParser
import Datasets
import Foundation
import ObjectDetectionAPI
import Radiographs
import Tensors
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train SSDLite MobileNetV3-Large from COCO weights on a dataset directory, or as a pipeline.config says.",
        discussion: """
            The run folder gets configuration.json, results.csv (a row a step), last.safetensors and, at the end, bundle/.

            A pipeline.config of the TensorFlow Object Detection API takes the place of --dataset, with the options of its \
            model_main_tf2.py: --pipeline_config_path F --model_dir D --num_train_steps N. What the file says and Pleura does not have is \
            listed, with what is done instead; a run that is there already goes on.
            """)

    @Option(help: "Dataset directory: images/, annotations.json, label_map.pbtxt, folds.csv.") var dataset: String?
    @Option(
        name: [.customLong("pipeline-config"), .customLong("pipeline_config_path")],
        help: "A pipeline.config of the TensorFlow Object Detection API.")
    var pipelineConfig: String?
    @Flag(help: "Read a pipeline.config in spite of fields that the Object Detection API does not have, and list them.")
    var allowUnknownFields = false
    @Option(name: [.customLong("run"), .customLong("model-dir"), .customLong("model_dir")], help: "Folder for this run.")
    var runFolder: String
    @Option(help: "Leave this fold out of the training.") var fold: Int?
    @Option(name: [.customLong("steps"), .customLong("num-train-steps"), .customLong("num_train_steps")], help: "Optimiser steps.")
    var steps: Int?
    @Option(help: "Images a step.") var batchSize: Int?
    @Option(help: "Peak learning rate.") var learningRate: Double?
    @Option(help: "Seed of everything random.") var seed: UInt64?
    @Option(help: "Name of the model.") var name: String?
    @Option(help: "What the images and boxes are and who made them, for the model's card.") var dataDescription: String?
    @Option(help: "Under which licence they are, for the model's card.") var dataLicence: String?
    @Option(help: "cpu or cuda.") var device: String = "cpu"
    @Option(help: "Threads an operator may use.") var threads: Int?
    @Option(help: "auto, f32 or bf16.") var precision: String = "auto"
    @Option(help: "Frozen COCO graph to start from, or none.") var weights: String?
    @Option(name: [.customLong("checkpoint-every-n"), .customLong("checkpoint_every_n")], help: "Steps between checkpoints.")
    var checkpointInterval: Int?
    @Flag(help: "Go on with the run in the folder.") var resume = false
    @Flag(help: "No progress.") var quiet = false
    @OptionGroup(visibility: .hidden) var inherited: InheritedOptions

    func validate() throws {
        guard ["cpu", "cuda"].contains(device) else { throw ValidationError("--device is cpu or cuda") }
        guard ["auto", "f32", "bf16"].contains(precision) else { throw ValidationError("--precision is auto, f32 or bf16") }
        if let steps, steps < 1 { throw ValidationError("--steps must be at least 1") }
        if let batchSize, batchSize < 1 { throw ValidationError("--batch-size must be at least 1") }
        if let checkpointInterval, checkpointInterval < 1 { throw ValidationError("--checkpoint-every-n must be at least 1") }
        guard (dataset == nil) != (pipelineConfig == nil) else {
            throw ValidationError("one of --dataset and --pipeline-config is needed, and not both")
        }
        if pipelineConfig != nil, fold != nil { throw ValidationError("--fold is of a dataset directory; records have no folds") }
        if allowUnknownFields, pipelineConfig == nil { throw ValidationError("--allow-unknown-fields goes with --pipeline-config") }
    }

    func run() throws {
        do {
            try train()
        } catch let error as ExitCode {
            throw error
        } catch let error as PipelineError {
            for line in error.description.split(separator: "\n") { StandardError.write("pleura-train: \(line)") }
            throw ExitCode(error.problems.allSatisfy { [.missing, .placeholder, .unreadable].contains($0.code) } ? 3 : 1)
        } catch let error as DatasetError {
            if error.problems.count > 1 { for problem in error.problems { StandardError.write("pleura-train: \(problem)") } }
            StandardError.write("pleura-train: \(error)")
            throw ExitCode(error.code == .missing ? 3 : 1)
        } catch {
            StandardError.write("pleura-train: \(error)")
            throw ExitCode(1)
        }
    }

    private func train() throws {
        let folder = URL(fileURLWithPath: runFolder)
        var training: TrainingRun
        var isGoingOn = resume
        if let pipelineConfig {
            (training, isGoingOn) = try fromPipeline(URL(fileURLWithPath: pipelineConfig), in: folder)
        } else {
            training = try fromDataset()
        }
        try adjust(&training.configuration)
        training.stepsOnResuming = steps ?? training.stepsOnResuming
        training.dataDescription = dataDescription ?? training.dataDescription
        training.dataLicence = dataLicence ?? training.dataLicence
        if device == "cuda" { try Engine.loadCUDA() }
        training.startingWeights = try startingWeights()
        let progress = TrainingProgress(isQuiet: quiet)
        let bundle = try training.run(in: folder, resume: isGoingOn) { progress.report($0) }
        print(bundle.path)
    }

    private func fromDataset() throws -> TrainingRun {
        TrainingRun(
            configuration: TrainingConfiguration(name: name ?? "nih8-fast"),
            dataset: try Self.readDataset(dataset ?? ""), testFold: fold,
            device: device == "cuda" ? .cuda : .cpu, startingWeights: nil, decoders: decoders)
    }

    /// As `model_main_tf2.py`: the file says everything, and a run that was cut off goes on.
    private func fromPipeline(_ file: URL, in folder: URL) throws -> (TrainingRun, isGoingOn: Bool) {
        let pipeline = try PipelineFile(contentsOf: file, unknownFields: allowUnknownFields ? .list : .refuse)
        let translation = try PipelineTranslation(pipeline, name: name ?? folder.standardizedFileURL.lastPathComponent)
        let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        let inputs = try translation.inputs(in: [here, file.deletingLastPathComponent()])
        let dataset = try TFRecordDataset.open(records: inputs.records, labelMap: inputs.labelMap).dataset
        for note in translation.notes { StandardError.write("\(pipeline.name): \(note)") }
        if let note = translation.note(onClassCount: dataset.findingClasses.count) { StandardError.write("\(pipeline.name): \(note)") }
        for line in inherited.notes { StandardError.write(line) }
        var training = TrainingRun(
            configuration: translation.configuration, dataset: dataset, testFold: nil, device: device == "cuda" ? .cuda : .cpu,
            startingWeights: nil, decoders: decoders)
        training.stepsOnResuming = translation.configuration.steps
        training.dataDescription = "the records that \(pipeline.name) names"
        training.dataLicence = "not known; ask whoever made the records"
        let isGoingOn = resume || TrainingRun.hasCheckpoint(in: folder)
        if isGoingOn, !resume { StandardError.write("\(folder.path) holds a run already: going on with it, and with its settings") }
        return (training, isGoingOn)
    }

    /// What the command line says, over what the file or the defaults say.
    private func adjust(_ configuration: inout TrainingConfiguration) throws {
        configuration.steps = steps ?? configuration.steps
        configuration.batchSize = batchSize ?? configuration.batchSize
        configuration.normalImagesPerBatch = min(configuration.normalImagesPerBatch, configuration.batchSize - 1)
        if let learningRate { configuration.setPeakLearningRate(learningRate) }
        configuration.seed = seed ?? configuration.seed
        configuration.threads = threads ?? configuration.threads
        configuration.checkpointInterval = checkpointInterval ?? configuration.checkpointInterval
        if precision != "auto" || device == "cuda" { configuration.usesBFloat16 = precision != "f32" }
    }

    /// Every decoder of a training, which carries no DICOM.
    private var decoders: DecoderRegistry { DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()]) }

    /// A dataset directory, or TFRecord shards (a file or a folder), which are read where they lie.
    private static func readDataset(_ path: String) throws -> Dataset {
        let url = URL(fileURLWithPath: path)
        let records = try AnnotationSource(url)
        let format = TFRecordFormat()
        guard !FileManager.default.fileExists(atPath: url.appendingPathComponent("annotations.json").path), format.recognises(records)
        else {
            return try Dataset.read(directory: url)
        }
        return try TFRecordDataset.open(records: [url]).dataset
    }

    private func startingWeights() throws -> URL? {
        if weights == "none" { return nil }
        let url = weights.map { URL(fileURLWithPath: $0) } ?? Self.laidWeights
        guard let url, FileManager.default.fileExists(atPath: url.path) else {
            StandardError.write(
                "pleura-train: the COCO weights are missing; `./setup train` lays them, or --weights none starts from random numbers")
            throw ExitCode(3)
        }
        return url
    }

    /// The weights that set-up laid in the checkout this program was built in.
    private static var laidWeights: URL? {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            folder = URL(fileURLWithPath: own).deletingLastPathComponent()
        }
        for _ in 0..<6 {
            let candidate = folder.appendingPathComponent(".engines/weights/ssdlite_mobilenet_v3_large_coco.pb")
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        return nil
    }
}
