import ArgumentParser
import Datasets
import Foundation
import Radiographs
import Tensors
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train SSDLite MobileNetV3-Large from COCO weights on a dataset directory.",
        discussion: "The run folder gets configuration.json, results.csv (a row a step), last.safetensors and, at the end, bundle/.")

    @Option(help: "Dataset directory: images/, annotations.json, label_map.pbtxt, folds.csv.") var dataset: String
    @Option(name: .customLong("run"), help: "Folder for this run.") var runFolder: String
    @Option(help: "Leave this fold out of the training.") var fold: Int?
    @Option(help: "Optimiser steps.") var steps: Int?
    @Option(help: "Images a step.") var batchSize: Int?
    @Option(help: "Peak learning rate.") var learningRate: Double?
    @Option(help: "Seed of everything random.") var seed: UInt64?
    @Option(help: "Name of the model.") var name: String = "nih8-fast"
    @Option(help: "cpu or cuda.") var device: String = "cpu"
    @Option(help: "Threads an operator may use.") var threads: Int?
    @Option(help: "auto, f32 or bf16.") var precision: String = "auto"
    @Option(help: "Frozen COCO graph to start from, or none.") var weights: String?
    @Flag(help: "Go on with the run in the folder.") var resume = false
    @Flag(help: "No progress.") var quiet = false

    func validate() throws {
        guard ["cpu", "cuda"].contains(device) else { throw ValidationError("--device is cpu or cuda") }
        guard ["auto", "f32", "bf16"].contains(precision) else { throw ValidationError("--precision is auto, f32 or bf16") }
        if let steps, steps < 1 { throw ValidationError("--steps must be at least 1") }
    }

    func run() throws {
        do {
            try train()
        } catch let error as ExitCode {
            throw error
        } catch {
            StandardError.write("pleura-train: \(error)")
            throw ExitCode(1)
        }
    }

    private func train() throws {
        var configuration = TrainingConfiguration(name: name)
        configuration.steps = steps ?? configuration.steps
        configuration.batchSize = batchSize ?? configuration.batchSize
        configuration.normalImagesPerBatch = min(configuration.normalImagesPerBatch, configuration.batchSize - 1)
        configuration.learningRate = learningRate ?? configuration.learningRate
        configuration.seed = seed ?? configuration.seed
        configuration.threads = threads ?? configuration.threads
        if precision != "auto" { configuration.usesBFloat16 = precision == "bf16" }
        if device == "cuda" {
            configuration.usesBFloat16 = precision != "f32"
            try Engine.loadCUDA()
        }
        let start = try startingWeights()
        let training = TrainingRun(
            configuration: configuration, dataset: try Dataset.read(directory: URL(fileURLWithPath: dataset)), testFold: fold,
            device: device == "cuda" ? .cuda : .cpu, startingWeights: start,
            decoders: DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()]))
        let progress = TrainingProgress(isQuiet: quiet)
        let bundle = try training.run(in: URL(fileURLWithPath: runFolder), resume: resume) { progress.report($0) }
        print(bundle.path)
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
