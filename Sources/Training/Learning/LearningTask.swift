import Networks
import Tensors
import TrainingExamples

/// What a network is taught: how a batch becomes targets, and outputs a loss.
protocol LearningTask {
    var network: any Network { get }

    /// The batch on the device, with its targets.
    func prepare(_ batch: Batch, device: Device, memoryFormat: MemoryFormat) throws -> PreparedBatch

    /// The loss of a prepared batch: sums over it, divided by amounts that may cover more than it.
    /// - Parameter amounts: Those of all parts of the step, of all processes, so that the parts' losses add up to that of the whole.
    func loss(_ prepared: PreparedBatch, amounts: LossAmounts, executor: TorchExecutor) throws -> LossParts
}

/// What sums of losses are divided by.
struct LossAmounts: Equatable {
    /// The weight of the positive anchors.
    var positives = 0.0
    /// What the boxes' part is divided by.
    var boxes = 0.0
    /// Findings of whole images that are known.
    var imageLabels = 0.0

    static func + (a: LossAmounts, b: LossAmounts) -> LossAmounts {
        LossAmounts(positives: a.positives + b.positives, boxes: a.boxes + b.boxes, imageLabels: a.imageLabels + b.imageLabels)
    }

    /// As numbers that processes can add up.
    var values: [Double] { [positives, boxes, imageLabels] }

    init() {}
    init(positives: Double, boxes: Double, imageLabels: Double) {
        (self.positives, self.boxes, self.imageLabels) = (positives, boxes, imageLabels)
    }
    init(values: [Double]) {
        guard values.count == 3 else { return }
        (positives, boxes, imageLabels) = (values[0], values[1], values[2])
    }
}

/// A batch where the network can see it.
struct PreparedBatch {
    /// [N, C, side, side].
    let input: Tensor
    let count: Int
    var detection: DetectionTargets?
    var image: ImageTargets?
    var amounts: LossAmounts
}

/// One batch's loss; single numbers.
struct LossParts {
    let total: Tensor
    var score: Tensor?
    var box: Tensor?
    var quality: Tensor?
    var image: Tensor?
}
