/// The twelve figures of COCO, as pycocotools' `COCOeval.summarize` prints them; each says over how many classes it is a mean. Sizes are
/// those of the truth boxes in pixels of the original image.
public struct COCOFigures: Hashable, Sendable {
    /// Average precision, the mean over IoU 0.50 to 0.95 by 0.05.
    public var averagePrecision: MeanOverClasses
    public var averagePrecision50: MeanOverClasses
    public var averagePrecision75: MeanOverClasses
    /// Boxes of up to 32 x 32 pixels.
    public var averagePrecisionSmall: MeanOverClasses
    /// Boxes of 32 x 32 to 96 x 96 pixels.
    public var averagePrecisionMedium: MeanOverClasses
    public var averagePrecisionLarge: MeanOverClasses
    /// Average recall, the mean over IoU 0.50 to 0.95, of the best detection of each class on each image.
    public var averageRecall1: MeanOverClasses
    public var averageRecall10: MeanOverClasses
    public var averageRecall100: MeanOverClasses
    public var averageRecallSmall: MeanOverClasses
    public var averageRecallMedium: MeanOverClasses
    public var averageRecallLarge: MeanOverClasses

    /// In pycocotools' order; `nil` where pycocotools says -1.
    public var values: [Double?] {
        [
            averagePrecision, averagePrecision50, averagePrecision75, averagePrecisionSmall, averagePrecisionMedium,
            averagePrecisionLarge, averageRecall1, averageRecall10, averageRecall100, averageRecallSmall, averageRecallMedium,
            averageRecallLarge,
        ].map(\.value)
    }

    /// - Parameter classes: Each class's twelve, in pycocotools' order.
    init(_ classes: [[Double?]]) {
        func mean(_ figure: Int) -> MeanOverClasses { MeanOverClasses(classes.map { $0[figure] }) }
        averagePrecision = mean(0)
        averagePrecision50 = mean(1)
        averagePrecision75 = mean(2)
        averagePrecisionSmall = mean(3)
        averagePrecisionMedium = mean(4)
        averagePrecisionLarge = mean(5)
        averageRecall1 = mean(6)
        averageRecall10 = mean(7)
        averageRecall100 = mean(8)
        averageRecallSmall = mean(9)
        averageRecallMedium = mean(10)
        averageRecallLarge = mean(11)
    }
}

extension ClassMatches {
    /// The class's own twelve, in pycocotools' order.
    func cocoFigures(_ weights: ImageWeights) -> [Double?] {
        let thresholds = OverlapThresholds.coco
        func mean(_ values: [Double]?) -> Double? { values.map { $0.reduce(0, +) / Double($0.count) } }
        let precisions = AreaRange.allCases.map { averagePrecisions($0, thresholds: thresholds, weights) }
        let all = precisions[AreaRange.all.rawValue]
        return [mean(all), all?[0], all?[5]]
            + [AreaRange.small, .medium, .large].map { mean(precisions[$0.rawValue]) }
            + [1, 10, Self.detectionLimit].map { mean(recalls(.all, thresholds: thresholds, limit: $0, weights)) }
            + [AreaRange.small, .medium, .large].map {
                mean(recalls($0, thresholds: thresholds, limit: Self.detectionLimit, weights))
            }
    }
}
