import Foundation
import Tensors

/// What one step did.
struct StepReport: Sendable {
    let step: Int
    var loss = 0.0
    var scoreLoss = 0.0
    var boxLoss = 0.0
    var qualityLoss = 0.0
    var imageLoss = 0.0
    var rate = 0.0
    var gradientNorm = 0.0
    var positives = 0
    var imagesPerSecond = 0.0

    init(step: Int) { self.step = step }

    mutating func add(_ parts: LossParts) throws {
        loss += try parts.total.item()
        scoreLoss += try parts.score?.item() ?? 0
        boxLoss += try parts.box?.item() ?? 0
        qualityLoss += try parts.quality?.item() ?? 0
        imageLoss += try parts.image?.item() ?? 0
    }

    static let header =
        "step,epoch,loss,score_loss,box_loss,quality_loss,image_loss,learning_rate,gradient_norm,positives,images_per_second\n"

    func row(epoch: Double) -> String {
        String(
            format: "%d,%.3f,%.6f,%.6f,%.6f,%.6f,%.6f,%.8f,%.5f,%d,%.2f\n", step, epoch, loss, scoreLoss, boxLoss, qualityLoss, imageLoss,
            rate, gradientNorm, positives, imagesPerSecond)
    }
}
