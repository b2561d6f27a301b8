import Basics
import Foundation
import ModelGraph
import Networks
import NoduleExamples
import Tensors

/// Steps of a network of nodules: forward, loss, backward, optimiser, moving average.
struct NoduleTrainer {
    let network: any ParameterOwner
    let settings: NoduleTrainingSettings
    let device: Device
    let executor: TorchExecutor
    private let optimiser: AdamW
    private(set) var average: WeightAverage
    private(set) var step = 0

    init(_ network: any ParameterOwner, settings: NoduleTrainingSettings, device: Device) throws {
        (self.network, self.settings, self.device) = (network, settings, device)
        try network.parameters.prepareForTraining(on: device)
        executor = TorchExecutor(isTraining: true, momentum: 0.05, device: device)
        optimiser = try AdamW(groups: network.parameters.plainGroups(weightDecay: settings.weightDecay))
        try optimiser.move(to: device)
        average = try WeightAverage(of: network, decay: settings.averageDecay)
    }

    /// - Parameter loss: The mean over the batch.
    /// - Returns: The loss.
    /// - Throws: `NoduleTrainingError` where it is not finite.
    mutating func step(_ loss: (TorchExecutor) throws -> Tensor) throws -> Double {
        let loss = try loss(executor)
        let value = try loss.item()
        guard value.isFinite else {
            throw NoduleTrainingError(.notFinite, "step \(step): the loss is \(value); lower learning_rate (\(settings.learningRate))")
        }
        try loss.backward()
        _ = try TensorList.clipGradients(optimiser.parameters, to: 5)
        try optimiser.update(learningRate: settings.rate(step: step))
        try average.update()
        step += 1
        return value
    }
}

/// Why a training of a network of nodules ended. `description` is one line.
public struct NoduleTrainingError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let notFinite = Code(rawValue: "loss not finite")
        public static let settings = Code(rawValue: "settings")
        public static let stopped = Code(rawValue: "stopped")

        public var exitStatus: ExitStatus { self == .settings ? .wrongUse : .someInputsFailed }
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
