import Evaluation
import Findings
import Models

extension ReportMaker {
    private var evaluation: DetectionEvaluation { placed.evaluation }

    func classFigures(_ headline: HeadlineIntervals) -> [String: EvaluationReport.ClassFigures] {
        byLabel(
            labels.indices.map { index in
                let figure = headline.averagePrecision50[index]
                return EvaluationReport.ClassFigures(
                    ap50: figure.value, ap50Low: figure.low, ap50High: figure.high, ap: evaluation.averagePrecision(class: index),
                    ap40: evaluation.averagePrecision(class: index, iou: 0.4, rule: .voc2010), n: evaluation.truthCount(class: index),
                    images: placed.images.count { image in image.truth.contains { $0.classIndex == index && !$0.isCrowd } },
                    detections: placed.images.reduce(0) { sum, image in sum + image.detections.count { $0.classIndex == index } })
            })
    }

    var coco: [String: ReportedFigure] {
        let figures = evaluation.coco
        return [
            "ap": figures.averagePrecision, "ap50": figures.averagePrecision50, "ap75": figures.averagePrecision75,
            "ap_small": figures.averagePrecisionSmall, "ap_medium": figures.averagePrecisionMedium,
            "ap_large": figures.averagePrecisionLarge, "ar1": figures.averageRecall1, "ar10": figures.averageRecall10,
            "ar100": figures.averageRecall100, "ar_small": figures.averageRecallSmall, "ar_medium": figures.averageRecallMedium,
            "ar_large": figures.averageRecallLarge,
        ].mapValues { ReportedFigure($0) }
    }

    var voc: EvaluationReport.VOC {
        let mean = evaluation.meanAveragePrecision(iou: 0.5, rule: .voc2010)
        let interval = placed.bootstrap.interval { evaluation.meanAveragePrecision(iou: 0.5, rule: .voc2010, weights: $0).value }
        return EvaluationReport.VOC(
            map50: ReportedFigure(mean, interval),
            perClass: byLabel(labels.indices.map { evaluation.averagePrecision(class: $0, iou: 0.5, rule: .voc2010) }))
    }

    var rsna: EvaluationReport.RSNA {
        let figures =
            [searched.evaluation.rsnaPrecision(score: scoreThreshold)]
            + labels.indices.map { searched.evaluation.rsnaPrecision(class: $0, score: scoreThreshold) }
        let intervals = searched.bootstrap.intervals { weights in figures.map { $0.value(weights: weights) } }
        let told = intervals.map { $0.map { ReportedFigure($0) } }
        return EvaluationReport.RSNA(
            precision: (told.first ?? nil) ?? ReportedFigure(value: nil), perClass: byLabel(Array(told.dropFirst())))
    }

    /// By threshold and label: the share found, and at how many false boxes an image.
    func localisation(_ localisation: Localisation) -> (rates: [String: [String: Double]], falseBoxes: [String: [String: Double]]) {
        var (rates, falseBoxes): ([String: [String: Double]], [String: [String: Double]]) = ([:], [:])
        for (number, threshold) in localisation.thresholds.enumerated() {
            let points = labels.indices.map { localisation.point(threshold: number, class: $0) }
            rates["\(threshold)"] = byLabel(points.map { $0?.sensitivity })
            falseBoxes["\(threshold)"] = byLabel(points.map { $0?.sensitivity == nil ? nil : $0?.falseBoxesPerImage })
        }
        return (rates, falseBoxes)
    }

    /// The means over classes with their intervals.
    func means(_ localisation: Localisation) -> [ReportedFigure] {
        let intervals = placed.bootstrap.intervals { weights in localisation.means(weights: weights).map(\.value) }
        return zip(localisation.means(), intervals).map { ReportedFigure($0, $1) }
    }

    func byThreshold(_ figures: [ReportedFigure]) -> [String: ReportedFigure] {
        Dictionary(zip(Localisation.overlapThresholds.map { "\($0)" }, figures)) { first, _ in first }
    }

    func sensitivities(_ froc: FROC) -> [String: [Double]] {
        byLabel(
            labels.indices.map { index in
                let values = froc.sensitivities(class: index).compactMap { $0 }
                return values.isEmpty ? nil : values
            })
    }

    var chestXDet10: EvaluationReport.FreeResponse {
        let froc = searched.evaluation.chestXDet10()
        let means = froc.sensitivities(), score = froc.score()
        let intervals = searched.bootstrap.intervals { weights in
            froc.sensitivities(weights: weights).map(\.value) + [froc.score(weights: weights).value]
        }
        return EvaluationReport.FreeResponse(
            rates: froc.rates, mean: zip(means, intervals).map { ReportedFigure($0, $1) },
            score: ReportedFigure(score, intervals.last ?? nil), perClass: sensitivities(froc))
    }

    var confusion: EvaluationReport.Confusion {
        let matrix = evaluation.confusion(score: scoreThreshold)
        return EvaluationReport.Confusion(
            labels: labels + ["background"],
            counts: (0...labels.count).map { truth in (0...labels.count).map { matrix[truth: truth, detected: $0] } })
    }

    var errorKinds: EvaluationReport.ErrorKinds {
        let breakdown = evaluation.errorBreakdown()
        return EvaluationReport.ErrorKinds(
            kinds: ErrorBreakdown.Kind.allCases.map { kind in
                EvaluationReport.ErrorKinds.Kind(
                    kind: "\(kind)", count: breakdown.kinds[kind]?.count ?? 0, gain: breakdown.kinds[kind]?.gain ?? 0)
            }, falsePositiveGain: breakdown.falsePositiveGain, falseNegativeGain: breakdown.falseNegativeGain)
    }

    var curves: EvaluationReport.Curves {
        EvaluationReport.Curves(
            precision: byLabel(labels.indices.map { evaluation.precisionAt101Recalls(class: $0, iou: 0.5) }),
            froc: byLabel(
                labels.indices.map { index -> [EvaluationReport.FreeResponseStep]? in
                    let steps = searched.headline.froc.curves[index].steps(upTo: 8)
                    return searched.evaluation.truthCount(class: index) > 0 ? steps : nil
                }))
    }

    var operatingPoints: [ModelCard.OperatingPoint] {
        labels.indices.flatMap { index in
            searched.headline.froc.curves[index].operatingPoints(
                finding: labels[index], falseBoxesPer100Images: settings.falseBoxesPer100Images, bootstrap: searched.bootstrap,
                split: "\(input.split): \(searched.description)", protocol: "IoU 0.5")
        }
    }
}
