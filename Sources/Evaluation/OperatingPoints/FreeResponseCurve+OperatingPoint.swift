import Models

extension FreeResponseCurve {
    /// False boxes of a finding on 100 images for which a card holds thresholds.
    public static let usualFalseBoxesPer100Images: [Double] = [1, 2, 5, 10, 20, 50, 100]

    /// A curve of detections that somebody else has matched.
    /// - Parameters:
    ///   - detections: In any order; `isTrue` where the detection finds a box that none of a higher score found.
    ///   - boxesOfImage: How many boxes must be found on each image.
    /// - Throws: `EvaluationError` where a score is not a number, a detection is on no image, or an image has a negative number of boxes.
    public init(detections: [(score: Double, isTrue: Bool, image: Int)], boxesOfImage: [Int]) throws(EvaluationError) {
        for (index, detection) in detections.enumerated() {
            guard !detection.score.isNaN else {
                throw EvaluationError(.badScore, "the score of detection \(index + 1) of \(detections.count) is not a number")
            }
            guard boxesOfImage.indices.contains(detection.image) else {
                throw EvaluationError(.mismatch, "detection \(index + 1) of \(detections.count) is on an image that is not there")
            }
        }
        guard boxesOfImage.allSatisfy({ $0 >= 0 }) else { throw EvaluationError(.mismatch, "an image has a negative number of boxes") }
        var seen = Array(repeating: Int32(0), count: boxesOfImage.count)
        let order = detections.indices.sorted { (detections[$1].score, $0) < (detections[$0].score, $1) }
        self.init(
            events: order.map { index in
                let detection = detections[index]
                defer { seen[detection.image] += 1 }
                return Event(
                    score: detection.score, image: Int32(truncatingIfNeeded: detection.image), rank: seen[detection.image],
                    found: detection.isTrue ? 1 : 0, isFalse: detection.isTrue ? 0 : 1)
            },
            truthImage: boxesOfImage.enumerated().flatMap { Array(repeating: Int32(truncatingIfNeeded: $0), count: $1) },
            imageCount: boxesOfImage.count)
    }

    /// The lowest thresholds with at most so many false boxes on 100 images, and what to expect there.
    ///
    /// A threshold is chosen once, on the images as they are; the intervals say how sensitivity and false boxes at that threshold would
    /// vary with the patients.
    /// - Parameters:
    ///   - finding: The finding's name in the label map.
    ///   - rates: False boxes on 100 images.
    ///   - bootstrap: Over the patients of the curve's images; at 95 percent.
    ///   - split: Which images these are, such as `fold 1`.
    ///   - protocol: When a box counts as found, such as `IoU 0.5`.
    /// - Returns: One a rate; a rate is left out where every threshold has more false boxes. Empty where there is no box to be found.
    public func operatingPoints(
        finding: String, falseBoxesPer100Images rates: [Double] = usualFalseBoxesPer100Images, bootstrap: PatientBootstrap, split: String,
        protocol: String
    ) -> [ModelCard.OperatingPoint] {
        guard !truthImage.isEmpty else { return [] }
        let chosen: [(rate: Double, threshold: Double, point: FreeResponsePoint)] = rates.compactMap { rate in
            let point = point(.falseBoxesPerImage(rate / 100))
            guard let threshold = point.scoreThreshold, point.found + point.falseBoxes > 0 else { return nil }
            return (rate, threshold, point)
        }
        let thresholds = chosen.map(\.threshold)
        let intervals = bootstrap.intervals { weights in
            thresholds.flatMap { threshold -> [Double?] in
                let drawn = point(.score(threshold), weights: weights)
                return [drawn.sensitivity, drawn.falseBoxesPerImage.map { $0 * 100 }]
            }
        }
        return chosen.enumerated().compactMap { index, choice in
            guard let sensitivity = intervals[2 * index], let falseBoxes = intervals[2 * index + 1] else { return nil }
            return ModelCard.OperatingPoint(
                finding: finding, falseBoxesPer100Images: choice.rate, threshold: choice.threshold,
                measuredFalseBoxesPer100Images: falseBoxes.value, falseBoxesLow: falseBoxes.low, falseBoxesHigh: falseBoxes.high,
                sensitivity: sensitivity.value, sensitivityLow: sensitivity.low, sensitivityHigh: sensitivity.high,
                boxes: choice.point.truth, images: choice.point.images, split: split, protocol: `protocol`)
        }
    }
}
