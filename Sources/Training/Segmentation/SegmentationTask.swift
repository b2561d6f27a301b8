import Networks
import Radiographs
import Tensors
import TrainingExamples

/// Teaches a segmenter where structures are.
struct SegmentationTask: LearningTask {
    let segmenter: Segmenter
    let loss = SegmentationLoss()

    var network: any Network { segmenter }

    func prepare(_ batch: Batch, device: Device, memoryFormat: MemoryFormat) throws -> PreparedBatch {
        let (count, side) = (batch.examples.count, segmenter.inputSide)
        let input = try Tensor(batch.values, shape: [count, segmenter.inputChannels, side, side])
        let masks = try Tensor(batch.masks, shape: [count, segmenter.classCount, side, side])
        return PreparedBatch(
            input: try input.moved(to: device).laidOut(memoryFormat), count: count, masks: try masks.moved(to: device),
            amounts: LossAmounts(positives: Double(count), boxes: 0, imageLabels: 0))
    }

    func loss(_ prepared: PreparedBatch, amounts: LossAmounts, executor: TorchExecutor) throws -> LossParts {
        guard let masks = prepared.masks else { throw TrainingError(.configuration, "a batch without masks to learn from") }
        let parts = try loss(segmenter(prepared.input, executor), targets: masks, count: max(1, amounts.positives))
        return LossParts(total: parts.total, score: parts.entropy, box: parts.dice)
    }
}
