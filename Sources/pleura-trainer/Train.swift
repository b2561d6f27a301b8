import AnnotationFormats
import ArgumentParser
import Console
import Datasets
import Domains
import Evaluation
import Foundation
import Interchange
import Migration
import Models
import NoduleExamples
import NoduleTraining
import ObjectDetectionAPI
import Outputs
import Radiographs
import RunRecords
import TFRecords
import Tensors
import Training
import TrainingExamples
import TrainingSettings

private let stepRange = OptionRange<Int>.whole(1...LoopConfiguration.mostSteps)
private let minuteRange = OptionRange.real(0...100_000, isAbove: true)
private let epochRange = OptionRange.real(0...LoopConfiguration.mostEpochs, isAbove: true)
private let batchRange = OptionRange<Int>.whole(1...LoopConfiguration.largestBatch)
private let threadRange = OptionRange<Int>.whole(0...LoopConfiguration.mostThreads)
private let rateRange = OptionRange.real(0...OptimiserConfiguration.highestRate, isAbove: true)
private let seedRange = OptionRange.seed

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a detector on a dataset directory, or as a pipeline.config says.",
        discussion: """
            --config is a preset or a YAML file that may extend one; --presets lists them, --set loop.batch_size=8 changes a setting. The \
            run folder gets configuration.yaml, environment.json, results.csv, steps.csv, TensorBoard's event files, figures, weights/ \
            and, at the end, bundle/.

            --fold 2 leaves fold 2 out; --fold all trains every fold (--fold 0,1 some), pools what is said of the folds left out and scores \
            it once.

            --domain says what kind of image it is: \(Domain.builtIns.map(\.name).joined(separator: ", ")), or a YAML file of your own; \
            chest-radiograph where not given. --show-domain NAME prints a built-in one, to be changed.

            A pipeline.config of the TensorFlow Object Detection API takes the place of --dataset, with the options of its \
            model_main_tf2.py: --pipeline_config_path F --model_dir D --num_train_steps N. What the file says and Pleura does not have is \
            listed, with what is done instead; a run that is there already goes on.
            """)

    @Option(help: "Dataset directory: images/, annotations.json, label_map.pbtxt, folds.csv; or TFRecord shards.") var dataset: String?
    @Option(help: ArgumentHelp("Preset or YAML file; ssdlite-mobilenet where not given.", valueName: "preset|file")) var config: String?
    @Option(name: .customLong("set"), help: ArgumentHelp("A setting over the preset's, such as loop.batch_size=8.", valueName: "key=value"))
    var settings: [String] = []
    @Option(help: ArgumentHelp("The kind of image: a built-in domain or a YAML file.", valueName: "name|file")) var domain: String?
    @Option(help: ArgumentHelp("Print a domain as a file to start from.", valueName: "name")) var showDomain: String?
    @Flag(help: "List the presets.") var presets = false
    @Flag(help: "Draw the curves of the run in the folder, and again every few seconds until it ends.") var watch = false
    @Flag(help: "Read the dataset and print the settings it suggests, with reasons, as a file for --config.") var plan = false
    @Option(
        name: [.customLong("pipeline-config"), .customLong("pipeline_config_path")],
        help: "A pipeline.config of the TensorFlow Object Detection API.")
    var pipelineConfig: String?
    @Flag(help: "Read a pipeline.config in spite of fields that the Object Detection API does not have, and list them.")
    var allowUnknownFields = false
    @Option(name: [.customLong("run"), .customLong("model-dir"), .customLong("model_dir")], help: "Folder for this run.")
    var runFolder: String?
    @Option(help: ArgumentHelp("Leave this fold out, 0 to 1000000; all, or some as 0,1: one after another.", valueName: "k|all")) var fold:
        FoldChoice?
    @Option(
        name: [.customLong("steps"), .customLong("num-train-steps"), .customLong("num_train_steps")],
        help: stepRange.help("Optimiser steps", "n"), transform: stepRange.parse)
    var steps: Int?
    @Option(help: epochRange.help("Rounds over the images with findings, instead of steps", "x"), transform: epochRange.parse)
    var epochs: Double?
    @Option(help: batchRange.help("Images a step", "n"), transform: batchRange.parse) var batchSize: Int?
    @Option(help: rateRange.help("Peak learning rate", "x"), transform: rateRange.parse) var learningRate: Double?
    @Option(help: seedRange.help("Seed of everything random", "n"), transform: seedRange.parse) var seed: UInt64?
    @Option(help: "Name of the model.") var name: String?
    @Option(help: "What the images and boxes are and who made them, for the model's card.") var dataDescription: String?
    @Option(help: "Under which licence they are, for the model's card.") var dataLicence: String?
    @Option(help: "cpu or cuda.") var device: String = "cpu"
    @Option(help: threadRange.help("Threads an operator may use; 0 for one a core", "n"), transform: threadRange.parse) var threads: Int?
    @Option(help: "auto, f32 or bf16.") var precision: LoopConfiguration.Precision?
    @Option(
        name: [.customLong("start"), .customLong("weights")],
        help: ArgumentHelp(
            "Weights to start from: a name that pleura model fetch knows, a file, a run folder, or none.", valueName: "name|file"))
    var weights: String?
    @Option(
        help: ArgumentHelp(
            "Go on learning from a bundle that was released: its network, its recipe's rate times 0.1, at most 300 steps of 16 images, the first "
                + "stages and the normalisation as they are, averaged weights, sources evened out. --config names the bundle's recipe.",
            valueName: "dir"))
    var fineTune: String?
    @Option(
        name: [.customLong("checkpoint-every-n"), .customLong("checkpoint_every_n")],
        help: stepRange.help("Steps between checkpoints", "n"),
        transform: stepRange.parse)
    var checkpointInterval: Int?
    @Option(
        help: minuteRange.help("Stop after as many minutes, at a checkpoint and with exit status 130; --resume goes on", "n"),
        transform: minuteRange.parse)
    var minutes: Double?
    @Flag(help: "Go on with the run in the folder.") var resume = false
    @OptionGroup var reports: ReportOptions
    @OptionGroup(visibility: .hidden) var inherited: InheritedOptions

    func validate() throws {
        guard ["cpu", "cuda"].contains(device) else { throw ValidationError("--device is cpu or cuda") }
        if presets || showDomain != nil { return }
        if plan {
            guard dataset != nil else { throw ValidationError("--plan reads a --dataset") }
            return
        }
        guard runFolder?.isEmpty == false else { throw ValidationError("--run FOLDER is needed") }
        if epochs != nil, steps != nil { throw ValidationError("give --steps or --epochs, not both") }
        if config != nil, pipelineConfig != nil { throw ValidationError("--config and --pipeline-config both say how to train: give one") }
        if fineTune != nil, weights != nil { throw ValidationError("--fine-tune and --start both say what to start from: give one") }
        if fineTune != nil, pipelineConfig != nil { throw ValidationError("--fine-tune goes with --config") }
        if pipelineConfig != nil, !settings.isEmpty { throw ValidationError("--set goes with --config") }
        if watch { return }
        guard (dataset == nil) != (pipelineConfig == nil) else {
            throw ValidationError("one of --dataset and --pipeline-config is needed, and not both")
        }
        if pipelineConfig != nil, fold != nil { throw ValidationError("--fold is of a dataset directory; records have no folds") }
        if allowUnknownFields, pipelineConfig == nil { throw ValidationError("--allow-unknown-fields goes with --pipeline-config") }
    }

    func run() throws {
        try claimPlace()
        try train()
    }

    /// Before anything is trained.
    private func claimPlace() throws {
        try reports.claim(
            inputs: [config, pipelineConfig, domain].compactMap { $0 } + [dataset].compactMap { $0.map { "\($0)/annotations.json" } })
    }

    private func train() throws {
        if presets {
            let entries =
                try Preset.all.map { PresetEntry(name: $0.name, description: try $0.configuration().description) }
                + NodulePreset.all.map { PresetEntry(name: $0.name, description: try $0.settings().description) }
            if reports.printsText { for preset in entries { StandardOutput.write("\(preset.name)\n    \(preset.description)\n") } }
            return try reports.write("train --presets", ["presets": entries])
        }
        if plan {
            let plan = try TrainingPlan(dataset: Self.readDataset(dataset ?? ""), preset: config ?? "ssdlite-mobilenet", settings: settings)
            if reports.printsText { StandardOutput.write(plan.text) }
            return try reports.write("train --plan", PlanEntry(plan))
        }
        if let showDomain {
            let domain = try DomainFile.read(showDomain)
            if reports.printsText { StandardOutput.write(try Domain.builtInText(showDomain) ?? DomainFile.text(of: domain)) }
            return try reports.write("train --show-domain", ["domain": domain])
        }
        let folder = URL(fileURLWithPath: runFolder ?? "")
        if let preset = NodulePreset.named(config ?? ""), !watch { return try trainNodules(preset, in: folder) }
        if watch {
            try watchRun(in: folder)
            return
        }
        var training: TrainingRun
        var isGoingOn = resume
        if let pipelineConfig {
            (training, isGoingOn) = try fromPipeline(URL(fileURLWithPath: pipelineConfig), in: folder)
        } else {
            training = try fromDataset()
        }
        if let domain { training.domain = try DomainFile.read(domain) }
        try adjust(&training.configuration)
        training.stepsOnResuming = steps ?? training.stepsOnResuming
        training.dataDescription = dataDescription ?? training.dataDescription
        training.dataLicence = dataLicence ?? training.dataLicence
        if device == "cuda" { try Engine.loadCUDA() }
        let interruption = Interruption()
        let end = minutes.map { ContinuousClock.now + .seconds($0 * 60) }
        training.shouldStop = { interruption.signalNumber != nil || end.map { ContinuousClock.now >= $0 } ?? false }
        Engine.keepFreedMemory()
        // Under mpirun or srun each process runs this command with its part of every batch; the first one speaks.
        let fixed = training
        try MPIProcessGroup.run(failed: { StandardError.line("pleura-train: \($0)") }) { processes in
            var training = fixed
            training.processes = processes
            let progress = TrainingProgress(isQuiet: reports.quiet || processes.rank > 0)
            if let fold, let folds = fold.crossValidated {
                let scores = try CrossValidation(training, folds: folds.isEmpty ? nil : folds).run(in: folder) {
                    progress.report($1, fold: $0)
                }
                guard processes.rank == 0 else { return }
                if reports.printsText { StandardOutput.write(ScoresText.text(scores) + "\n") }
                return try reports.write("train --fold", ScoresEntry(run: folder.path, scores: scores))
            }
            let result = try training.run(in: folder, resume: isGoingOn) { progress.report($0) }
            guard processes.rank == 0 else { return }
            if reports.printsText { StandardOutput.write(result.path + "\n") }
            try reports.write("train", ["run": folder.path, "result": result.path])
        }
    }

    /// A network of nodules on CT, of examples that `pleura dataset nodules` made.
    private func trainNodules(_ preset: NodulePreset, in folder: URL) throws {
        var testFold: Int?
        switch fold {
        case nil: break
        case .one(let fold)?: testFold = fold
        default: throw ValidationError("networks of nodules are trained a fold at a time: --fold 0, then --fold 1, each in its own run")
        }
        guard !resume, epochs == nil, weights == nil, domain == nil else {
            throw ValidationError("--resume, --epochs, --start and --domain are of detectors")
        }
        var settings = try preset.settings(settings)
        settings.name = name ?? settings.name
        settings.steps = steps ?? settings.steps
        settings.batchSize = batchSize ?? settings.batchSize
        settings.learningRate = learningRate ?? settings.learningRate
        settings.seed = seed ?? settings.seed
        settings.threads = threads ?? settings.threads
        if device == "cuda" { try Engine.loadCUDA() }
        var training = NoduleTrainingRun(
            settings: settings, examples: URL(fileURLWithPath: dataset ?? ""), testFold: testFold,
            device: device == "cuda" ? .cuda : .cpu)
        (training.dataDescription, training.dataLicence) = (dataDescription, dataLicence)
        let interruption = Interruption()
        let end = minutes.map { ContinuousClock.now + .seconds($0 * 60) }
        training.shouldStop = { interruption.signalNumber != nil || end.map { ContinuousClock.now >= $0 } ?? false }
        Engine.keepFreedMemory()
        let isQuiet = reports.quiet
        let result = try training.run(in: folder) { event in
            guard !isQuiet else { return }
            switch event {
            case .message(let text): StandardError.line(text)
            case .step(let step, let total, let loss):
                StandardError.line("step \(step)/\(total)  loss \(String(format: "%.4f", loss))")
            }
        }
        if reports.printsText { StandardOutput.write(result.path + "\n") }
        try reports.write("train", ["run": folder.path, "result": result.path])
    }

    /// On a terminal until the run ends; elsewhere once.
    private func watchRun(in folder: URL) throws {
        let run = RunWatch(folder: folder)
        if reports.json != nil {
            try reports.write("train --watch", WatchEntry(run: folder.path, hasEnded: run.hasEnded, curves: try run.curves()))
            guard reports.printsText else { return }
        }
        let isTerminal = isatty(1) == 1
        while true {
            var size = winsize()
            let isKnown = ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
            let (width, height) = isKnown ? (Int(size.ws_col), max(8, Int(size.ws_row) / 2 - 1)) : (80, 16)
            let text = try run.text(width: width, height: height, hasColour: isTerminal)
            StandardOutput.write((isTerminal ? "\u{1B}[2J\u{1B}[H" : "") + text + "\n")
            guard isTerminal, !run.hasEnded, !StandardOutput.hasFailed else { return }
            Thread.sleep(forTimeInterval: 3)
        }
    }

    private func fromDataset() throws -> TrainingRun {
        var configuration = try ConfigurationFile.read(config ?? "ssdlite-mobilenet", settings: settings)
        configuration.name = name ?? configuration.name
        if let fineTune { configuration.fineTune(from: fineTune) }
        var testFold: Int?
        if case .one(let fold)? = fold { testFold = fold }
        var training = TrainingRun(
            configuration: configuration, dataset: try Self.readDataset(dataset ?? ""), testFold: testFold,
            device: device == "cuda" ? .cuda : .cpu, decoders: decoders)
        training.requiresWholeStart = fineTune != nil
        return training
    }

    /// As `model_main_tf2.py`: the file says everything, and a run that was cut off goes on.
    private func fromPipeline(_ file: URL, in folder: URL) throws -> (TrainingRun, isGoingOn: Bool) {
        let pipeline = try PipelineFile(contentsOf: file, unknownFields: allowUnknownFields ? .list : .refuse)
        let translation = try PipelineTranslation(pipeline, name: name ?? folder.standardizedFileURL.lastPathComponent)
        let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        let inputs = try translation.inputs(in: [here, file.deletingLastPathComponent()])
        let dataset = try TFRecordDataset.open(records: inputs.records, labelMap: inputs.labelMap).dataset
        for note in translation.notes { StandardError.line("\(pipeline.name): \(note)") }
        if let note = translation.note(onClassCount: dataset.findingClasses.count) { StandardError.line("\(pipeline.name): \(note)") }
        for line in inherited.notes { StandardError.line(line) }
        var training = TrainingRun(
            configuration: translation.configuration, dataset: dataset, device: device == "cuda" ? .cuda : .cpu, decoders: decoders)
        training.stepsOnResuming = translation.configuration.loop.steps
        training.dataDescription = "the records that \(pipeline.name) names"
        training.dataLicence = "not known; ask whoever made the records"
        let isGoingOn = resume || TrainingRun.hasCheckpoint(in: folder)
        if isGoingOn, !resume { StandardError.line("\(folder.path) holds a run already: going on with it, and with its settings") }
        return (training, isGoingOn)
    }

    /// What the command line says, over what the file or the defaults say.
    private func adjust(_ configuration: inout TrainingConfiguration) throws {
        configuration.loop.steps = steps ?? configuration.loop.steps
        if steps != nil { configuration.loop.epochs = 0 }
        configuration.loop.epochs = epochs ?? configuration.loop.epochs
        configuration.loop.batchSize = batchSize ?? configuration.loop.batchSize
        if let learningRate { configuration.setPeakLearningRate(learningRate) }
        configuration.loop.seed = seed ?? configuration.loop.seed
        configuration.loop.threads = threads ?? configuration.loop.threads
        configuration.loop.checkpointInterval = checkpointInterval ?? configuration.loop.checkpointInterval
        if let precision { configuration.loop.precision = precision }
        configuration.start = weights ?? configuration.start
    }

    /// Every decoder of a training, which carries no DICOM.
    private var decoders: DecoderRegistry { DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()]) }

    /// A dataset directory, or TFRecord shards (a file or a folder), which are read where they lie.
    private static func readDataset(_ path: String) throws -> Dataset {
        let url = URL(fileURLWithPath: path)
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw TrainingError(.missing, "\(path): there is no such dataset directory or file of records")
        }
        let records = try AnnotationSource(url)
        let format = TFRecordFormat()
        guard !FileManager.default.fileExists(atPath: url.appendingPathComponent("annotations.json").path), format.recognises(records)
        else {
            return try Dataset.read(directory: url)
        }
        return try TFRecordDataset.open(records: [url]).dataset
    }
}

/// One fold, some, or all of them.
enum FoldChoice: ExpressibleByArgument, Equatable {
    case one(Int)
    case some([Int])
    case all

    /// Folds that are left out one after another and pooled, empty for all; `nil` where a single run is asked for.
    var crossValidated: [Int]? {
        switch self {
        case .one: nil
        case .some(let folds): folds
        case .all: []
        }
    }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { try? OptionRange.fold.parse(String($0)) }
        if argument == "all" {
            self = .all
        } else if parts.count > 1, !parts.contains(nil) {
            self = .some(parts.compactMap(\.self))
        } else if parts.count == 1, let fold = parts[0] {
            self = .one(fold)
        } else {
            return nil
        }
    }
}

extension LoopConfiguration.Precision: ExpressibleByArgument {}
