import Networks
import Tensors
import TrainingExamples
import TrainingSettings

/// Teaches a detector boxes, and findings of whole images where it has a head for them.
struct DetectionTask: LearningTask {
    let detector: any DetectionNetwork
    let loss: DetectionLoss
    let assigner: any TargetAssigner
    /// Weight of the loss of whole-image findings.
    let imageWeight: Double
    /// Which findings of whole images are learnt.
    let learnsImageFinding: [Bool]
    /// Weight of the loss of labelled findings that nobody boxed.
    let instanceWeight: Double
    /// The targets of a finding that an image is labelled with, but has no box of.
    let unboxed: LossConfiguration.Unboxed

    var network: any Network { detector }

    func prepare(_ batch: Batch, device: Device, memoryFormat: MemoryFormat) throws -> PreparedBatch {
        let input = try Tensor(batch.values, shape: [batch.examples.count, detector.inputChannels, detector.inputSide, detector.inputSide])
            .moved(to: device).laidOut(memoryFormat)
        let targets = try DetectionTargets(
            examples: batch.examples, isLabelled: unboxed.isLabelled(batch, classCount: detector.classCount),
            classCount: detector.classCount,
            anchors: detector.anchors,
            assigner: assigner, device: device)
        var prepared = PreparedBatch(
            input: input, count: batch.examples.count, detection: targets,
            amounts: LossAmounts(positives: targets.positiveWeight, boxes: try loss.boxAmount(targets), imageLabels: 0))
        if imageWeight > 0 {
            let image = try ImageTargets(labels: batch.imageLabels, isLearnt: learnsImageFinding, device: device)
            prepared.amounts.imageLabels = Double(image.knownCount)
            prepared.image = image
        }
        if instanceWeight > 0 {
            let instances = try MultipleInstanceTargets(
                labels: batch.imageLabels, examples: batch.examples, isLearnt: learnsImageFinding, device: device)
            prepared.amounts.instances = instances.amount
            prepared.instances = instances
        }
        return prepared
    }

    func loss(_ prepared: PreparedBatch, amounts: LossAmounts, executor: TorchExecutor) throws -> LossParts {
        guard let targets = prepared.detection else { throw TrainingError(.configuration, "a batch without boxes to learn from") }
        let output = try detector(prepared.input, executor)
        let parts = try loss(
            output, targets: targets, coding: detector.coding, positives: amounts.positives, boxes: amounts.boxes)
        var all = LossParts(total: parts.total, score: parts.score, box: parts.box, quality: parts.quality)
        if let image = prepared.image, let logits = output.imageLogits {
            var said = try image.loss(logits, count: amounts.imageLabels)
            // The maps of the attention learn beside the head, which is taught no less for it.
            if let others = output.attentionLogits { said = try said + image.loss(others, count: amounts.imageLabels) }
            all.total = try all.total + said * imageWeight
            all.image = said
        }
        if let instances = prepared.instances, instances.amount > 0 {
            let said = try instances.loss(output.logits, amount: amounts.instances)
            all.total = try all.total + said * instanceWeight
            all.instances = said
        }
        return all
    }
}
