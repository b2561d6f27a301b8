/// The figure of RSNA's pneumonia challenge of 2018: on each image, true / (true + false + missed) boxes, the mean over IoU 0.40 to 0.75
/// by 0.05; then the mean over the images. An image without truth and without a prediction is left out; one without truth on which
/// something is predicted scores 0.
///
/// It scores what was predicted, whatever its score, so what counts as predicted is chosen first. Boxes are matched in falling order of
/// score, each with the free truth box it overlaps most; an overlap of exactly the threshold is a hit. What covers a crowd is left out.
public struct RSNAPrecision: Hashable, Sendable {
    /// In the order of the images; `nil` for one that is left out.
    public let images: [Double?]

    /// The mean over images, each as often as it was drawn; `nil` where none is left.
    public func value(weights: [Int]? = nil) -> Double? {
        let weights = ImageWeights(weights, count: images.count).values
        var (sum, count) = (0.0, 0)
        for (image, weight) in zip(images, weights) {
            guard let image else { continue }
            sum += image * Double(weight)
            count += weight
        }
        return count > 0 ? sum / Double(count) : nil
    }
}

extension DetectionEvaluation {
    /// RSNA's mean precision of the detections with at least a score.
    /// - Parameter index: The class; `nil` to take all classes' boxes of an image together (matched class by class).
    public func rsnaPrecision(class index: Int? = nil, score least: Double) -> RSNAPrecision {
        let thresholds = OverlapThresholds.rsna
        let chosen = index.map { matches(of: $0).map { [$0] } ?? [] } ?? classes
        var truth = Array(repeating: 0, count: images.count)
        // By image and threshold: detections that count, and those that are true.
        var predicted = Array(repeating: 0, count: images.count * thresholds.count)
        var found = predicted
        for matches in chosen {
            for (index, image) in matches.truthImage.enumerated() where matches.truthRanges[index] & AreaRange.all.bit != 0 {
                truth[Int(image)] += 1
            }
            for (position, image) in matches.image.enumerated() {
                // By falling score.
                guard matches.score[position] >= least else { break }
                for threshold in thresholds { predicted[Int(image) * thresholds.count + threshold] += 1 }
            }
            for threshold in thresholds {
                for match in matches.matches(.all, threshold) {
                    guard matches.score[Int(match.position)] >= least else { break }
                    let slot = Int(matches.image[Int(match.position)]) * thresholds.count + threshold
                    if match.isIgnored { predicted[slot] -= 1 } else { found[slot] += 1 }
                }
            }
        }
        return RSNAPrecision(
            images: images.indices.map { image in
                let scores = thresholds.compactMap { threshold -> Double? in
                    let slot = image * thresholds.count + threshold
                    // True, false and missed: all that is predicted, and all that is missed.
                    let all = predicted[slot] + truth[image] - found[slot]
                    return all > 0 ? Double(found[slot]) / Double(all) : nil
                }
                return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
            })
    }
}
