import Networks
import Tensors
import TrainingExamples

/// Teaches a backbone which findings a whole image has.
struct ClassificationTask: LearningTask {
    let classifier: ImageClassifier
    let learnsImageFinding: [Bool]

    var network: any Network { classifier }

    func prepare(_ batch: Batch, device: Device, memoryFormat: MemoryFormat) throws -> PreparedBatch {
        let side = classifier.inputSide
        let image = try ImageTargets(labels: batch.imageLabels, isLearnt: learnsImageFinding, device: device)
        return PreparedBatch(
            input: try Tensor(batch.values, shape: [batch.examples.count, classifier.inputChannels, side, side]).moved(to: device).laidOut(
                memoryFormat),
            count: batch.examples.count, image: image,
            amounts: LossAmounts(positives: 0, boxes: 0, imageLabels: Double(image.knownCount)))
    }

    func loss(_ prepared: PreparedBatch, amounts: LossAmounts, executor: TorchExecutor) throws -> LossParts {
        guard let image = prepared.image else { throw TrainingError(.configuration, "a batch without labels to learn from") }
        let said = try image.loss(classifier(prepared.input, executor), count: amounts.imageLabels)
        return LossParts(total: said, image: said)
    }
}
