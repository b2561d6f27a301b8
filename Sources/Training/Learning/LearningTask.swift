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
    /// Labelled findings without a box, by their weights.
    var instances = 0.0

    static func + (a: LossAmounts, b: LossAmounts) -> LossAmounts { LossAmounts(values: zip(a.values, b.values).map(+)) }

    /// As numbers that processes can add up.
    var values: [Double] { [positives, boxes, imageLabels, instances] }

    init() {}
    init(positives: Double, boxes: Double, imageLabels: Double, instances: Double = 0) {
        (self.positives, self.boxes, self.imageLabels, self.instances) = (positives, boxes, imageLabels, instances)
    }
    init(values: [Double]) {
        guard values.count == 4 else { return }
        (positives, boxes, imageLabels, instances) = (values[0], values[1], values[2], values[3])
    }
}

/// A batch where the network can see it.
struct PreparedBatch {
    /// [N, C, side, side].
    let input: Tensor
    let count: Int
    var detection: DetectionTargets?
    var image: ImageTargets?
    var instances: MultipleInstanceTargets?
    /// [N, 5, side, side] in 0...1.
    var masks: Tensor?
    var amounts: LossAmounts
}

/// One batch's loss; single numbers.
struct LossParts {
    var total: Tensor
    var score: Tensor?
    var box: Tensor?
    var quality: Tensor?
    var image: Tensor?
    var instances: Tensor?
}
