import Foundation

/// What one step did.
package struct StepReport: Sendable {
    package let step: Int
    package var loss = 0.0
    package var scoreLoss = 0.0
    package var boxLoss = 0.0
    package var qualityLoss = 0.0
    package var imageLoss = 0.0
    /// Of labelled findings that nobody boxed.
    package var instanceLoss = 0.0
    package var rate = 0.0
    package var gradientNorm = 0.0
    package var positives = 0
    package var imagesPerSecond = 0.0

    package init(step: Int) { self.step = step }

    /// What is new stands last: the rows of a run that an older program began keep their columns.
    static let header =
        "step,epoch,loss,score_loss,box_loss,quality_loss,image_loss,learning_rate,gradient_norm,positives,images_per_second,"
        + "instance_loss\n"

    func row(epoch: Double) -> String {
        String(
            format: "%d,%.3f,%.6f,%.6f,%.6f,%.6f,%.6f,%.8f,%.5f,%d,%.2f,%.6f\n", step, epoch, loss, scoreLoss, boxLoss, qualityLoss,
            imageLoss,
            rate, gradientNorm, positives, imagesPerSecond, instanceLoss)
    }
}
