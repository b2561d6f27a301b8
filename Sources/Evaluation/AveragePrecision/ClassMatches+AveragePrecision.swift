extension ClassMatches {
    /// COCO's average precision at each of some thresholds of `OverlapThresholds.all`; `nil` where no box of that size must be found.
    func averagePrecisions(_ range: AreaRange, thresholds: Range<Int>, _ weights: ImageWeights) -> [Double]? {
        let positives = positives(range, weights)
        guard positives > 0 else { return nil }
        let last = thresholds.compactMap { matches(range, $0).last?.position }.max()
        return withCounted(upTo: last, range, weights) { counted in
            thresholds.map {
                PrecisionCurve(
                    matches(range, $0), self, counted: counted, positives: positives, weights: weights, limit: Self.detectionLimit,
                    range: range
                ).meanAt101Recalls
            }
        }
    }

    /// The share of boxes found among the first `limit` detections of each image, at each of some thresholds.
    func recalls(_ range: AreaRange, thresholds: Range<Int>, limit: Int, _ weights: ImageWeights) -> [Double]? {
        let positives = positives(range, weights)
        guard positives > 0 else { return nil }
        return thresholds.map { threshold in
            var found = 0
            for match in matches(range, threshold) where !match.isIgnored && rank[Int(match.position)] < limit {
                found += weights.values[Int(image[Int(match.position)])]
            }
            return Double(found) / Double(positives)
        }
    }

    /// Average precision at any threshold; `nil` where no box must be found.
    func averagePrecision(at threshold: Double, _ rule: AveragePrecisionRule, _ weights: ImageWeights) -> Double? {
        let positives = positives(.all, weights)
        guard positives > 0 else { return nil }
        switch rule {
        case .coco:
            let matches = matches(at: threshold)
            return withCounted(upTo: matches.last?.position, .all, weights) { counted in
                PrecisionCurve(
                    matches, self, counted: counted, positives: positives, weights: weights, limit: Self.detectionLimit, range: .all
                ).meanAt101Recalls
            }
        case .voc2010:
            let matches = threshold == 0.4 ? vinBigData : firstComeMatches(at: threshold)
            return withCounted(upTo: matches.last?.position, nil, weights) { counted in
                PrecisionCurve(
                    matches, self, counted: counted, positives: positives, weights: weights, limit: Int.max, range: nil
                ).area
            }
        }
    }

    /// Pascal VOC's matching: each detection is given the truth box it overlaps most (of equal ones the first), and the first to come
    /// has it; one given to a crowd is ignored.
    func firstComeMatches(at threshold: Double) -> [Match] {
        var isTaken = Array(repeating: false, count: truthImage.count)
        var found: [Match] = []
        for (index, position) in overlapping.enumerated() {
            var (best, overlap) = (-1, -Double.infinity)
            for pair in overlaps[Int(overlapStart[index])..<Int(overlapStart[index + 1])] where pair.intersectionOverUnion > overlap {
                (best, overlap) = (Int(pair.truth), pair.intersectionOverUnion)
            }
            guard best >= 0, overlap >= threshold else { continue }
            if truthIsCrowd[best] || truthRanges[best] & AreaRange.all.bit == 0 {
                found.append(Match(position: position, truth: Int32(truncatingIfNeeded: best), isIgnored: true))
            } else if !isTaken[best] {
                isTaken[best] = true
                found.append(Match(position: position, truth: Int32(truncatingIfNeeded: best), isIgnored: false))
            }
        }
        return found
    }

    /// How many detections are counted up to and with each position, for as long as `body` runs.
    /// - Parameter range: Only those of that size and within COCO's limit; `nil` for all.
    private func withCounted<Result>(
        upTo last: Int32?, _ range: AreaRange?, _ weights: ImageWeights, _ body: (UnsafeMutableBufferPointer<Int>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: Int(last ?? -1) + 1) { counted in
            image.withUnsafeBufferPointer { image in
                ranges.withUnsafeBufferPointer { ranges in
                    weights.values.withUnsafeBufferPointer { weights in
                        var sum = 0
                        if let bit = range?.bit {
                            for position in counted.indices {
                                sum += ranges[position] & bit != 0 ? weights[Int(image[position])] : 0
                                counted.initializeElement(at: position, to: sum)
                            }
                        } else {
                            for position in counted.indices {
                                sum += weights[Int(image[position])]
                                counted.initializeElement(at: position, to: sum)
                            }
                        }
                    }
                }
            }
            return body(counted)
        }
    }
}
