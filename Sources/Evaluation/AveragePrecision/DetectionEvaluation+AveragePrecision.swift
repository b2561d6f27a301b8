import Basics

extension DetectionEvaluation {
    /// All twelve figures of COCO.
    public var coco: COCOFigures { coco(weights: nil) }

    /// All twelve figures of COCO of a draw of the images.
    public func coco(weights: [Int]?) -> COCOFigures {
        let weights = self.weights(weights)
        return COCOFigures(Concurrent.map(classCount, stretch: 1, serially: isQuicklySummed) { classes[$0].cocoFigures(weights) })
    }

    /// Average precision of one class at one IoU.
    /// - Parameters:
    ///   - index: Position of the class in the label map's `classes`.
    ///   - iou: What a detection's overlap must reach. COCO's 0.50 to 0.95, and 0.40 and 0.45, are matched already; any other is
    ///     matched for this call.
    ///   - weights: How often each image was drawn; `nil` for the images as they are. An image drawn twice is there twice.
    /// - Returns: In 0...1; `nil` where the class has no box that must be found.
    public func averagePrecision(
        class index: Int, iou: Double, rule: AveragePrecisionRule = .coco, weights: [Int]? = nil
    ) -> Double? {
        matches(of: index)?.averagePrecision(at: iou, rule, self.weights(weights))
    }

    /// Average precision of one class, the mean over IoU 0.50 to 0.95 by 0.05.
    public func averagePrecision(class index: Int, weights: [Int]? = nil) -> Double? {
        averagePrecision(of: index, self.weights(weights))
    }

    /// Average precision at one IoU, the mean over the classes that have truth.
    public func meanAveragePrecision(iou: Double, rule: AveragePrecisionRule = .coco, weights: [Int]? = nil) -> MeanOverClasses {
        let weights = self.weights(weights)
        return MeanOverClasses(classes.map { $0.averagePrecision(at: iou, rule, weights) })
    }

    /// COCO's headline figure: the mean over IoU 0.50 to 0.95 by 0.05 and over the classes that have truth.
    public func meanAveragePrecision(weights: [Int]? = nil) -> MeanOverClasses {
        let weights = self.weights(weights)
        return MeanOverClasses(classes.indices.map { averagePrecision(of: $0, weights) })
    }

    /// VinBigData's figure: VOC 2010 at an IoU of 0.4.
    public func vinBigData(weights: [Int]? = nil) -> MeanOverClasses { meanAveragePrecision(iou: 0.4, rule: .voc2010, weights: weights) }

    private func averagePrecision(of index: Int, _ weights: ImageWeights) -> Double? {
        matches(of: index)?.averagePrecisions(.all, thresholds: OverlapThresholds.coco, weights).map {
            $0.reduce(0, +) / Double($0.count)
        }
    }
}
