/// COCO's matching (pycocotools' `COCOeval.evaluateImg`): in falling order of score, each detection is given the free truth box that it
/// overlaps most and at least by the threshold; only where there is none, one that need not be found, and of those a crowd may be given
/// to any number of detections. Of equal overlaps the last truth box is taken.
///
/// Images do not meet in it, so it runs over all images at once, and the first n detections of an image are matched as if there were no
/// more: one run serves every limit of detections.
extension ClassMatches {
    /// Fills `matches` for every size and threshold.
    mutating func match() {
        let near = NearOverlaps(self, threshold: OverlapThresholds.all[0])
        // The number of the run in which a truth box was last taken, so that nothing need be cleared.
        var taken = [Int32](repeating: -1, count: truthImage.count)
        for range in AreaRange.allCases {
            let isNeeded = truthRanges.contains { $0 & range.bit != 0 } || range == .all
            for threshold in OverlapThresholds.all.indices {
                // Figures by size are COCO's alone.
                if isNeeded && (range == .all || OverlapThresholds.coco.contains(threshold)) {
                    near.match(
                        self, range, OverlapThresholds.all[threshold], run: Int32(truncatingIfNeeded: matchStart.count), taken: &taken,
                        into: &matches)
                }
                matchStart.append(Int32(truncatingIfNeeded: matches.count))
            }
        }
    }

    /// The matches at any threshold, among boxes of all sizes.
    func matches(at threshold: Double) -> ArraySlice<Match> {
        if let index = OverlapThresholds.index(of: threshold) { return matches(.all, index) }
        var taken = [Int32](repeating: -1, count: truthImage.count)
        var found: [Match] = []
        NearOverlaps(self, threshold: threshold).match(self, .all, threshold, run: 0, taken: &taken, into: &found)
        return found[...]
    }
}

/// The overlaps of at least some threshold: few of all, and read again and again.
private struct NearOverlaps {
    struct Pair {
        var truth: Int32
        var overlap: Double
    }
    var positions: [Int32] = []
    var start: [Int32] = [0]
    var pairs: [Pair] = []
    /// The largest overlap of each position.
    var largest: [Double] = []

    init(_ matches: ClassMatches, threshold: Double) {
        for (index, position) in matches.overlapping.enumerated() {
            var largest = 0.0
            for overlap in matches.overlaps[Int(matches.overlapStart[index])..<Int(matches.overlapStart[index + 1])]
            where overlap.intersectionOverUnion >= threshold {
                pairs.append(Pair(truth: overlap.truth, overlap: overlap.intersectionOverUnion))
                largest = max(largest, overlap.intersectionOverUnion)
            }
            guard pairs.count > Int(start[start.count - 1]) else { continue }
            positions.append(position)
            start.append(Int32(truncatingIfNeeded: pairs.count))
            self.largest.append(largest)
        }
    }

    func match(
        _ matches: ClassMatches, _ range: AreaRange, _ threshold: Double, run: Int32, taken: inout [Int32],
        into list: inout [ClassMatches.Match]
    ) {
        // So that a perfect overlap is one at a threshold of 1, whatever its last bit.
        let least = min(threshold, 1 - 1e-10)
        pairs.withUnsafeBufferPointer { pairs in
            taken.withUnsafeMutableBufferPointer { taken in
                matches.truthRanges.withUnsafeBufferPointer { ranges in
                    for index in positions.indices where largest[index] >= least {
                        let own = pairs[Int(start[index])..<Int(start[index + 1])]
                        var (best, overlap) = (Int32(-1), least)
                        for pair in own where pair.overlap >= overlap {
                            let truth = Int(pair.truth)
                            guard ranges[truth] & range.bit != 0, taken[truth] != run else { continue }
                            (best, overlap) = (pair.truth, pair.overlap)
                        }
                        let isIgnored = best < 0
                        if isIgnored {
                            for pair in own where pair.overlap >= overlap {
                                let truth = Int(pair.truth)
                                guard ranges[truth] & range.bit == 0, taken[truth] != run || matches.truthIsCrowd[truth] else { continue }
                                (best, overlap) = (pair.truth, pair.overlap)
                            }
                        }
                        guard best >= 0 else { continue }
                        taken[Int(best)] = run
                        list.append(ClassMatches.Match(position: positions[index], truth: best, isIgnored: isIgnored))
                    }
                }
            }
        }
    }
}
