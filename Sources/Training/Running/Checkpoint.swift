import Foundation
import ModelGraph
import Networks
import Tensors
import TrainingExamples
import TrainingSettings
import Weights

/// All that a training needs to go on: weights, their moving average and what it was at the last validations, what the optimiser remembers,
/// the step and how far the validation has come.
enum Checkpoint {
    /// What goes on besides the numbers.
    struct Progress: Equatable {
        /// The step to go on with.
        var step = 0
        /// The best figure of a validation, and the validations since.
        var best: Double?
        var validationsSinceBest = 0
        /// The run was ended by its patience.
        var hasEnded = false
    }

    /// - Throws: `TrainingError` where the disk is full; the former checkpoint then stays.
    static func write(to url: URL, progress: Progress, trainer: Trainer) throws {
        var arrays = try trainer.network.arrays().reduce(into: [String: NumericArray]()) { $0["network/\($1.key)"] = $1.value }
        func add(_ prefix: String, _ tensors: [Tensor]) throws {
            for (index, tensor) in tensors.enumerated() {
                arrays["\(prefix)/\(index)"] = NumericArray(shape: tensor.shape, values: try tensor.floats())
            }
        }
        for (name, array) in try trainer.averagedArrays() { arrays["average/\(name)"] = array }
        for (name, tensors) in trainer.optimiser.state { try add(name, tensors) }
        for (index, snapshot) in trainer.snapshots.arrays.enumerated() {
            for (name, array) in snapshot { arrays[snapshotName(index, name)] = array }
        }
        var metadata = [
            "step": "\(progress.step)", "looks_since_best": "\(progress.validationsSinceBest)",
            "architecture": trainer.network.architecture,
        ]
        if let best = progress.best { metadata["best"] = "\(best)" }
        if progress.hasEnded { metadata["has_ended"] = "true" }
        if !trainer.snapshots.arrays.isEmpty { metadata["snapshots"] = "\(trainer.snapshots.arrays.count)" }
        try save(WeightFile(arrays: arrays, metadata: metadata), to: url)
    }

    private static func snapshotName(_ index: Int, _ name: String) -> String { "snapshot_\(index)/\(name)" }

    /// The averaged weights alone, to start another training from.
    static func writeWeights(_ arrays: [String: NumericArray], architecture: String, to url: URL) throws {
        try save(WeightFile(arrays: arrays, metadata: ["architecture": architecture]), to: url)
    }

    private static func save(_ file: WeightFile, to url: URL) throws {
        do {
            try file.write(to: url)
        } catch {
            let isThere = FileManager.default.fileExists(atPath: url.path)
            throw TrainingError(
                .cannotWrite,
                "\(url.lastPathComponent) cannot be written (is the disk full?)"
                    + (isThere ? "; the one before it is whole: go on with --resume" : ""))
        }
    }

    static func restore(from url: URL, into trainer: Trainer) throws -> Progress {
        let file = try WeightFile(contentsOf: url)
        guard let step = file.metadata["step"].flatMap(Int.init), (0...LoopConfiguration.mostSteps).contains(step) else {
            throw TrainingError(.run, "\(url.lastPathComponent): the checkpoint names no step")
        }
        let architecture = trainer.network.architecture
        if let other = file.metadata["architecture"], other != architecture {
            throw TrainingError(.run, "the checkpoint is of another network: \(other), and this run trains \(architecture)")
        }
        // Everything is looked at before anything is changed.
        var copies: [(tensor: Tensor, array: NumericArray)] = []
        func found(_ name: String, for tensor: Tensor) throws -> NumericArray {
            guard let array = file.arrays[name] else {
                throw TrainingError(.run, "the checkpoint is of another network: it has no \(name)")
            }
            guard array.shape == tensor.shape else {
                throw TrainingError(.run, "the checkpoint is of another network: \(name) is \(array.shape), not \(tensor.shape)")
            }
            guard array.values.allSatisfy(\.isFinite) else {
                throw TrainingError(.run, "\(url.lastPathComponent): \(name) holds numbers that are not finite; begin another run")
            }
            return array
        }
        func take(_ name: String, into tensor: Tensor) throws { copies.append((tensor, try found(name, for: tensor))) }
        for (parameter, average) in zip(trainer.network.parameters, trainer.average) {
            try take("network/\(parameter.name)", into: parameter.tensor)
            try take("average/\(parameter.name)", into: average)
        }
        for (name, tensors) in trainer.optimiser.state {
            for (index, tensor) in tensors.enumerated() { try take("\(name)/\(index)", into: tensor) }
        }
        let count = min(file.metadata["snapshots"].flatMap(Int.init) ?? 0, trainer.snapshots.limit)
        let snapshots = try (0..<max(0, count)).map { index in
            try trainer.network.parameters.reduce(into: [String: NumericArray]()) {
                $0[$1.name] = try found(snapshotName(index, $1.name), for: $1.tensor)
            }
        }
        trainer.snapshots = WeightSnapshots(limit: trainer.snapshots.limit, arrays: snapshots)
        try Engine.withoutGradients {
            for (tensor, array) in copies { try tensor.copyNumbers(from: Tensor(array.values, shape: array.shape)) }
        }
        return Progress(
            step: step, best: file.metadata["best"].flatMap(Double.init),
            validationsSinceBest: file.metadata["looks_since_best"].flatMap(Int.init) ?? 0, hasEnded: file.metadata["has_ended"] == "true")
    }
}
