extension DetectionEvaluation {
    /// COCO's precision of one class at the recalls 0, 0.01, … 1, of which its average precision is the mean.
    /// - Returns: 101 values in 0...1; `nil` where the class has no box that must be found.
    public func precisionAt101Recalls(class index: Int, iou: Double) -> [Double]? {
        let positives = truthCount(class: index)
        guard positives > 0, let matches = matches(of: index) else { return nil }
        var (truePositives, precision): ([Int], [Double]) = ([], [])
        var (found, counted, next) = (0, 0, 0)
        let list = Array(matches.matches(at: iou))
        for position in matches.score.indices {
            let match = next < list.count && Int(list[next].position) == position ? list[next] : nil
            if match != nil { next += 1 }
            guard matches.rank[position] < ClassMatches.detectionLimit, match?.isIgnored != true else { continue }
            counted += 1
            guard match != nil else { continue }
            found += 1
            truePositives.append(found)
            precision.append(Double(found) / (Double(counted) + Double.ulpOfOne))
        }
        return PrecisionCurve(truePositives: truePositives, precision: precision, positives: positives).at101Recalls
    }
}

extension PrecisionCurve {
    /// The precision at the recalls 0, 0.01, … 1; zero where so much is never found.
    var at101Recalls: [Double] {
        var index = 0
        return (0...100).map { step in
            // As `meanAt101Recalls`.
            let recall = step == 100 ? 1 : Double(step) * 0.01
            while index < truePositives.count, Double(truePositives[index]) / Double(positives) < recall { index += 1 }
            return index < truePositives.count ? precision[index] : 0
        }
    }
}
