import RunRecords
import Tensors

extension StepReport {
    /// Adds the losses of a part of the step's batch.
    mutating func add(_ parts: LossParts) throws {
        loss += try parts.total.item()
        scoreLoss += try parts.score?.item() ?? 0
        boxLoss += try parts.box?.item() ?? 0
        qualityLoss += try parts.quality?.item() ?? 0
        imageLoss += try parts.image?.item() ?? 0
        instanceLoss += try parts.instances?.item() ?? 0
    }
}
