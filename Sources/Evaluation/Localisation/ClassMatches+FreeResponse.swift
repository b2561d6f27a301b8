extension ClassMatches {
    /// Which detections find what at a threshold. A detection on a crowd is never false, and a crowd need not be found.
    func freeResponse(_ measure: OverlapMeasure, _ threshold: Double, _ rule: HitRule, imageCount: Int) -> FreeResponseCurve {
        var found = [Int32](repeating: 0, count: score.count)
        var isFalse = [Int32](repeating: 1, count: score.count)
        var isTaken = [Bool](repeating: false, count: truthImage.count)

        func isHit(_ overlap: Overlap) -> Bool {
            let share = share(overlap, measure)
            return rule == .above ? share > threshold : share >= threshold
        }
        func hit(_ overlap: Overlap, _ position: Int) {
            let truth = Int(overlap.truth)
            guard truthRanges[truth] & AreaRange.all.bit != 0 else { return isFalse[position] = 0 }
            if rule != .onceOnly || !isTaken[truth] { isFalse[position] = 0 }
            if !isTaken[truth] { found[position] += 1 }
            isTaken[truth] = true
        }

        for (index, position) in overlapping.enumerated() {
            let own = overlaps[Int(overlapStart[index])..<Int(overlapStart[index + 1])]
            if rule == .onceOnly {
                // Of equal overlaps the first box, as numpy's `argmax` has it.
                var best: Overlap?
                for overlap in own {
                    if let best, share(best, measure) >= share(overlap, measure) { continue }
                    best = overlap
                }
                if let best, isHit(best) { hit(best, Int(position)) }
            } else {
                for overlap in own where isHit(overlap) { hit(overlap, Int(position)) }
            }
        }
        return FreeResponseCurve(
            events: score.indices.compactMap { position in
                guard found[position] > 0 || isFalse[position] > 0 else { return nil }
                return FreeResponseCurve.Event(
                    score: score[position], image: image[position], rank: rank[position], found: found[position],
                    isFalse: isFalse[position])
            },
            truthImage: zip(truthImage, truthRanges).filter { $0.1 & AreaRange.all.bit != 0 }.map(\.0), imageCount: imageCount)
    }

    private func share(_ overlap: Overlap, _ measure: OverlapMeasure) -> Double {
        measure == .intersectionOverUnion ? overlap.intersectionOverUnion : overlap.intersectionOverDetected
    }
}
