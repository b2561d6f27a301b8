import Evaluation
import Models

extension EvaluationReport {
    /// The card with what was measured: figures, operating points, calibrations and failure modes, all of this report's images.
    public func filling(_ card: ModelCard) -> ModelCard {
        var card = card
        card.metrics = metrics
        card.operatingPoints = operatingPoints
        card.calibrations = calibrations
        card.failureModes = failureModes
        return card
    }

    /// The figures that a reader of a card looks for, each with its interval, its images and its protocol: headline figures, each finding's,
    /// places found, whole images, and each figure's subgroups.
    public var metrics: [ModelCard.Metric] {
        func metric(_ name: String, _ figure: ReportedFigure?, _ protocol: String) -> ModelCard.Metric? {
            guard let figure, let value = figure.value else { return nil }
            return make(name, value, figure.low, figure.high, `protocol`)
        }
        let precision = "COCO average precision at IoU"
        var all = [
            metric("map50", map50, "\(precision) 0.50, mean over findings"),
            metric("map", map, "\(precision) 0.50:0.95, mean over findings"),
            metric("map40", map40, "VinBigData: VOC 2010 average precision at IoU 0.40, mean over findings"),
            metric("cpm", cpm, protocols["froc"] ?? "LUNA16"),
        ]
        for (label, figures) in perClass.sorted(by: { $0.key < $1.key }) {
            guard let value = figures.ap50 else { continue }
            all.append(make("ap50 \(label)", value, figures.ap50Low, figures.ap50High, "\(precision) 0.50, \(figures.n) boxes"))
        }
        for threshold in ["0.3", "0.5"] {
            all.append(
                metric(
                    "t_iou \(threshold)", localisationIoUMean[threshold],
                    "share of boxes found at IoU \(threshold), at most one false box of the finding an image, mean over findings (Wang 2017)"
                ))
        }
        for (part, level) in imageLevel.sorted(by: { $0.key < $1.key }) {
            guard let area = level.any.auroc else { continue }
            all.append(
                make(
                    "auroc any \(part)", area.value, area.low, area.high,
                    "area under the ROC curve of any abnormality, \(level.any.positives) images against \(level.any.negatives)"))
        }
        for subgroup in subgroups {
            for group in subgroup.comparison.groups {
                guard let figure = group.figure else { continue }
                all.append(
                    make(
                        "\(subgroup.figure) \(subgroup.comparison.attribute) \(group.name)", figure.value, figure.low, figure.high,
                        "subgroup of \(group.images) images" + (group.isFlagged ? ", differs from the others" : "")))
            }
        }
        return all.compactMap(\.self)
    }

    private func make(_ name: String, _ value: Double, _ low: Double?, _ high: Double?, _ protocol: String) -> ModelCard.Metric {
        func rounded(_ number: Double) -> Double { (number * 10_000).rounded() / 10_000 }
        return ModelCard.Metric(
            name: name, value: rounded(value), low: low.map(rounded), high: high.map(rounded), split: split, protocol: `protocol`,
            tool: "pleura evaluate, interval by bootstrap over patients")
    }
}
