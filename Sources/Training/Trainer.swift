import Findings
import Foundation
import ModelGraph
import Networks
import Tensors

/// Trains an SSDLite detector: forward, loss, backward, AdamW, moving average; every step logged.
final class Trainer {
    /// What one step did.
    struct Report: Sendable {
        let step: Int
        let epoch: Double
        let loss: Double
        let scoreLoss: Double
        let boxLoss: Double
        let rate: Double
        let gradientNorm: Double
        let positives: Int
        let imagesPerSecond: Double

        var row: String {
            String(
                format: "%d,%.3f,%.6f,%.6f,%.6f,%.8f,%.5f,%d,%.2f\n", step, epoch, loss, scoreLoss, boxLoss, rate, gradientNorm, positives,
                imagesPerSecond)
        }
    }

    let network: any DetectionNetwork
    private let configuration: TrainingConfiguration
    private let device: Device
    private let executor: TorchExecutor
    private let optimiser: any Optimiser
    private let learnt: [Tensor]
    private let loss = DetectionLoss()
    private let matcher = AnchorMatcher()
    /// In the order of the network's parameters.
    private(set) var average: [Tensor]

    init(network: any DetectionNetwork, configuration: TrainingConfiguration, device: Device) throws {
        self.network = network
        self.configuration = configuration
        self.device = device
        try network.prepareForTraining(on: device)
        executor = TorchExecutor(isTraining: true, momentum: configuration.normalisationMomentum, device: device)
        func group(backbone: Bool, role: Parameter.Role) -> ParameterGroup {
            ParameterGroup(
                parameters: network.parameters.filter { $0.role == role && $0.name.hasPrefix("backbone.") == backbone }.map(\.tensor),
                rateFactor: backbone ? configuration.backboneRateFactor : 1, weightDecay: role == .weight ? configuration.weightDecay : 0)
        }
        let groups = [
            group(backbone: true, role: .weight), group(backbone: true, role: .bias), group(backbone: false, role: .weight),
            group(backbone: false, role: .bias),
        ]
        learnt = groups.flatMap(\.parameters)
        optimiser = try AdamW(groups: groups)
        try optimiser.move(to: device)
        average = try network.parameters.map { try Tensor($0.tensor.floats(), shape: $0.tensor.shape).moved(to: device) }
    }

    /// One optimiser step.
    /// - Throws: `TrainingError` where the loss is not finite; the weights are then those of the step before.
    func step(_ step: Int, batch: Batch, stepsPerEpoch: Int) throws -> Report {
        let start = Date()
        let count = batch.examples.count
        let input = try Tensor(batch.values, shape: [count, 1, network.inputSide, network.inputSide]).moved(to: device).channelsLast()
        let targets = try DetectionTargets(
            examples: batch.examples, classCount: network.classCount, anchors: network.anchors, assigner: matcher, device: device)
        let output = try Engine.withAutocast(configuration.usesBFloat16, device: device) { try network(input, executor) }
        let parts = try loss(output, targets: targets)
        let total = try parts.total.item()
        guard total.isFinite else {
            throw TrainingError(
                .notFinite,
                "step \(step): the loss is \(total); lower the learning rate (now \(configuration.learningRate(step: step))) or the gradient limit"
            )
        }
        try parts.total.backward()
        let length = try TensorList.clipGradients(learnt, to: configuration.gradientLimit)
        guard length.isFinite else { throw TrainingError(.notFinite, "step \(step): the gradient is \(length)") }
        let rate = configuration.learningRate(step: step)
        try optimiser.update(learningRate: rate)
        // The average starts fast, so that it does not remember the starting weights (as in TensorFlow's ExponentialMovingAverage).
        let decay = min(configuration.averageDecay, Double(1 + step) / Double(10 + step))
        try TensorList.interpolate(average, towards: network.parameters.map(\.tensor), weight: 1 - decay)
        return Report(
            step: step, epoch: Double(step + 1) / Double(stepsPerEpoch), loss: total, scoreLoss: try parts.score.item(),
            boxLoss: try parts.box.item(),
            rate: rate, gradientNorm: length, positives: targets.positiveCount,
            imagesPerSecond: Double(count) / Date().timeIntervalSince(start))
    }

    func writeCheckpoint(to url: URL, nextStep: Int) throws {
        try Checkpoint.write(to: url, step: nextStep, network: network, average: average, optimiser: optimiser)
    }

    func restoreCheckpoint(from url: URL) throws -> Int {
        try Checkpoint.restore(from: url, network: network, average: average, optimiser: optimiser)
    }

    /// The averaged weights as a network of their own.
    func averagedNetwork() throws -> any DetectionNetwork {
        let result = try network.untrainedCopy(seed: configuration.seed)
        var arrays: [String: NumericArray] = [:]
        for (parameter, tensor) in zip(network.parameters, average) {
            arrays[parameter.name] = NumericArray(shape: tensor.shape, values: try tensor.floats())
        }
        try result.load(arrays)
        return result
    }
}
