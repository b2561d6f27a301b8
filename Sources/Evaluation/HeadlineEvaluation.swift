/// Computes the headline figures of many draws: what does not depend on the draw is computed once.
public struct HeadlineEvaluation: Sendable {
    public let evaluation: DetectionEvaluation
    public let localisation: Localisation
    public let froc: FROC

    /// - Parameters:
    ///   - localisationRule: Which detections count for T(IoU).
    ///   - frocIoU: The overlap at which the free-response figures take a box as found.
    public init(_ evaluation: DetectionEvaluation, localisationRule: ScoreRule = .falseBoxesPerImage(1), frocIoU: Double = 0.5) {
        self.evaluation = evaluation
        localisation = evaluation.localisation(rule: localisationRule)
        froc = evaluation.froc(iou: frocIoU)
    }

    /// - Parameter weights: How often each image was drawn; `nil` for the images as they are.
    public func figures(weights: [Int]? = nil) -> HeadlineFigures {
        let weights = evaluation.weights(weights)
        let coco = evaluation.classes.map { $0.averagePrecisions(.all, thresholds: OverlapThresholds.coco, weights) }
        let froc = self.froc.curves.map { self.froc.sensitivities($0, weights) }
        return HeadlineFigures(
            map50: MeanOverClasses(coco.map { $0?.first }),
            map: MeanOverClasses(coco.map { $0.map { $0.reduce(0, +) / Double($0.count) } }),
            map40: MeanOverClasses(evaluation.classes.map { $0.averagePrecision(at: 0.4, .voc2010, weights) }),
            averagePrecision50: coco.map { $0?.first },
            localisation: localisation.curves.map { $0.map { $0.point(localisation.rule, weights).sensitivity } },
            froc: self.froc.rates.indices.map { rate in MeanOverClasses(froc.map { $0[rate] }) })
    }
}
