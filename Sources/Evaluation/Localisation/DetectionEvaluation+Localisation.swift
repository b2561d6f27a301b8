import Basics

extension DetectionEvaluation {
    /// Free-response figures at an IoU.
    /// - Parameters:
    ///   - iou: What a detection's overlap must reach.
    ///   - rates: False boxes of a class an image.
    ///   - rule: What becomes of a second detection of one box.
    public func froc(iou: Double = 0.5, rates: [Double] = FROC.luna16Rates, rule: HitRule = .atLeast) -> FROC {
        FROC(rates: rates, curves: curves(.intersectionOverUnion, iou, rule), imageCount: images.count)
    }

    /// The ChestX-Det10 challenge: recall at 0.05, 0.1 and 0.2 false boxes an image at an IoU of 0.5; its `score` is the figure.
    public func chestXDet10() -> FROC { froc(iou: 0.5, rates: FROC.chestXDet10Rates, rule: .onceOnly) }

    /// Wang 2017's T(IoU) or T(IoBB).
    public func localisation(
        _ measure: OverlapMeasure = .intersectionOverUnion, thresholds: [Double] = Localisation.overlapThresholds,
        rule: ScoreRule = .falseBoxesPerImage(1)
    ) -> Localisation {
        Localisation(
            measure: measure, thresholds: thresholds, rule: rule, curves: thresholds.map { curves(measure, $0, .above) },
            imageCount: images.count)
    }

    /// For each class the images that it is not scored on.
    private var uncounted: [[Int32]] {
        var result = Array(repeating: [Int32](), count: classCount)
        for (index, image) in images.enumerated() {
            for column in image.unscored where result.indices.contains(column) { result[column].append(Int32(truncatingIfNeeded: index)) }
        }
        return result
    }

    private func curves(_ measure: OverlapMeasure, _ threshold: Double, _ rule: HitRule) -> [FreeResponseCurve] {
        let uncounted = uncounted
        return Concurrent.map(classCount, stretch: 1, serially: isQuicklySummed) {
            var curve = classes[$0].freeResponse(measure, threshold, rule, imageCount: images.count)
            curve.uncounted = uncounted[$0]
            return curve
        }
    }
}
