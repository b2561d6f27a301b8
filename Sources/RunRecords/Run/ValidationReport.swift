import Foundation

/// One validation of a training: the losses since the last one and, where patients are kept apart for it, its figures.
public struct ValidationReport: Hashable, Sendable {
    /// Steps done.
    public var step: Int
    public var epoch: Double
    /// Seconds since the run began or went on.
    public var time: Double
    /// Means over the steps since the last validation.
    public var loss = 0.0
    public var scoreLoss = 0.0
    public var boxLoss = 0.0
    public var qualityLoss = 0.0
    public var imageLoss = 0.0
    public var rate = 0.0
    /// Figures by name, such as `mAP50`; one that cannot be told is absent.
    public var figures: [Figure] = []

    public struct Figure: Hashable, Sendable {
        public var name: String
        public var value: Double?

        package init(name: String, value: Double?) {
            self.name = name
            self.value = value
        }
    }

    package init(step: Int, epoch: Double, time: Double) {
        self.step = step
        self.epoch = epoch
        self.time = time
    }

    /// The figure that decides which weights are the best: the first.
    public var deciding: Double? { figures.first?.value }

    static let losses = [
        "step", "epoch", "time", "train/loss", "train/score_loss", "train/box_loss", "train/quality_loss", "train/image_loss", "lr",
    ]

    static func header(figures: [String]) -> String { (losses + figures).joined(separator: ",") + "\n" }

    var row: String {
        let numbers = [loss, scoreLoss, boxLoss, qualityLoss, imageLoss].map { String(format: "%.6f", $0) }
        let start = ["\(step)", String(format: "%.3f", epoch), String(format: "%.1f", time)]
        let end = figures.map { figure in figure.value.map { String(format: "%.5f", $0) } ?? "" }
        return (start + numbers + [String(format: "%.8f", rate)] + end).joined(separator: ",") + "\n"
    }
}

/// Adds up the steps between two validations.
package struct LossMeans {
    private var sum = [Double](repeating: 0, count: 5)
    private var count = 0.0

    package init() {}

    package mutating func add(_ report: StepReport) {
        for (index, loss) in [report.loss, report.scoreLoss, report.boxLoss, report.qualityLoss, report.imageLoss].enumerated() {
            sum[index] += loss
        }
        count += 1
    }

    /// The means, after which it starts anew.
    package mutating func take() -> [Double] {
        defer { self = LossMeans() }
        return sum.map { count > 0 ? $0 / count : 0 }
    }
}
