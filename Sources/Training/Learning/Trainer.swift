import Findings
import Foundation
import ModelGraph
import Networks
import RunRecords
import Tensors
import TrainingExamples
import TrainingSettings

/// Makes the steps of a training: forward, loss, backward, the optimiser, the moving average.
final class Trainer {
    let task: any LearningTask
    private let configuration: TrainingConfiguration
    private let device: Device
    private let executor: TorchExecutor
    private let processes: any ProcessGroup
    let optimiser: any Optimiser
    private let learnt: [Tensor]
    /// In the order of the network's parameters.
    private(set) var average: [Tensor]
    /// Of the average, at the last validations.
    var snapshots: WeightSnapshots

    var network: any Network { task.network }

    /// - Parameter processes: Those that make every step together, each with its part of the batch.
    init(
        task: any LearningTask, configuration: TrainingConfiguration, device: Device, processes: any ProcessGroup = SingleProcess()
    ) throws {
        self.task = task
        self.configuration = configuration
        self.device = device
        self.processes = processes
        try task.network.backbone.freeze(stages: configuration.optimiser.frozenStages)
        try task.network.prepareForTraining(on: device, memoryFormat: configuration.loop.memoryFormat)
        let normalisation: TorchExecutor.Normalisation =
            switch configuration.loop.normalisation {
            case .batch: .batch
            case .frozen: .frozen
            case .synchronised: .synchronised(over: processes)
            }
        executor = TorchExecutor(
            isTraining: true, normalisation: normalisation, momentum: configuration.loop.normalisationMomentum, device: device)
        // The same start everywhere, whatever each process read.
        try Engine.withoutGradients { try processes.broadcast(task.network.parameters.map(\.tensor), from: 0) }
        optimiser = try configuration.optimiser.makeOptimiser(for: task.network)
        learnt = optimiser.parameters
        try optimiser.move(to: device)
        snapshots = WeightSnapshots(limit: configuration.loop.averagedValidations)
        average = try Engine.withoutGradients { try task.network.parameters.map { try $0.tensor.detached().copied() } }
    }

    /// One optimiser step over the parts of its batch.
    /// - Throws: `TrainingError` where the loss is not finite; the weights are then those of the step before.
    func step(_ step: Int, parts: [Batch]) throws -> StepReport {
        let start = Date()
        let prepared = try parts.map { try task.prepare($0, device: device, memoryFormat: configuration.loop.memoryFormat) }
        let amounts = LossAmounts(values: try processes.sum(prepared.reduce(LossAmounts()) { $0 + $1.amounts }.values))
        var report = StepReport(step: step)
        for part in prepared {
            let losses = try Engine.withAutocast(configuration.loop.usesBFloat16, device: device) {
                try task.loss(part, amounts: amounts, executor: executor)
            }
            try report.add(losses)
            guard report.loss.isFinite else {
                throw TrainingError(
                    .notFinite,
                    "step \(step): the loss is \(report.loss); lower the learning rate (now \(configuration.learningRate(step: step))) or the gradient limit"
                )
            }
            try losses.total.backward()
        }
        // Each process's loss is divided by the amounts of all, so that the gradients add up.
        try processes.sumGradients(of: learnt)
        report.gradientNorm = try TensorList.clipGradients(learnt, to: configuration.optimiser.gradientLimit)
        guard report.gradientNorm.isFinite else {
            throw TrainingError(.notFinite, "step \(step): the gradient is \(report.gradientNorm)")
        }
        report.rate = configuration.learningRate(step: step)
        try optimiser.update(learningRate: report.rate)
        // The average starts fast, so that it does not remember the starting weights (as in TensorFlow's ExponentialMovingAverage).
        let decay = min(configuration.loop.averageDecay, Double(1 + step) / Double(10 + step))
        try TensorList.interpolate(average, towards: network.parameters.map(\.tensor), weight: 1 - decay)
        report.positives = Int(amounts.positives.rounded())
        report.imagesPerSecond = Double(prepared.reduce(0) { $0 + $1.count } * processes.count) / Date().timeIntervalSince(start)
        return report
    }

    /// Keeps the averaged weights as those of a validation.
    func takeSnapshot() throws { try snapshots.add(averagedArrays()) }

    /// The averaged weights by the parameters' names.
    func averagedArrays() throws -> [String: NumericArray] {
        var arrays: [String: NumericArray] = [:]
        for (parameter, tensor) in zip(network.parameters, average) {
            arrays[parameter.name] = NumericArray(shape: tensor.shape, values: try tensor.floats())
        }
        return arrays
    }

    /// Runs `body` with the averaged weights in the network, and puts its own back.
    func withAveragedWeights<Result>(_ body: () throws -> Result) throws -> Result {
        let own = try Engine.withoutGradients { try network.parameters.map { try $0.tensor.detached().copied() } }
        func fill(_ tensors: [Tensor]) throws {
            try Engine.withoutGradients {
                for (parameter, tensor) in zip(network.parameters, tensors) { try parameter.tensor.copyNumbers(from: tensor) }
            }
        }
        try fill(average)
        do {
            let result = try body()
            try fill(own)
            return result
        } catch {
            try fill(own)
            throw error
        }
    }
}
